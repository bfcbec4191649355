//! Data of panels: one file per kind, one line each in [`kinds`].

mod between;
mod chart;
mod columns;

use std::rc::Rc;

use sluice_analysis::{Params, Pill, Ref, Selection};
use sluice_protocol::figure::{Figure, Side};
use sluice_protocol::message::Response;
use sluice_table::{LocalBoxFuture, Table, TableError, view};

use crate::{Engine, TaskHost};

/// What a panel asks for.
#[derive(Clone, Copy)]
pub struct FigureRequest<'a> {
    pub kind: &'a str,
    pub spec: &'a Params,
}

/// A table of the figure and the rows of it that are looked at.
pub struct Looked {
    pub name: String,
    pub side: Side,
    pub table: Table,
    /// Ascending; `None` means all.
    pub rows: Option<Vec<u32>>,
}

impl Looked {
    pub fn n_rows(&self) -> usize {
        self.rows.as_ref().map_or(self.table.n_rows(), Vec::len)
    }
}

type Compute = for<'a> fn(
    &'a [Looked],
    &'a Params,
    &'a dyn TaskHost,
) -> LocalBoxFuture<'a, Result<Figure, TableError>>;

/// Panel kinds by name.
fn kinds() -> [(&'static str, Compute); 3] {
    [
        ("chart", |looked, spec, host| {
            Box::pin(chart::chart(looked, spec, host))
        }),
        ("associations", |looked, spec, host| {
            Box::pin(between::associations(looked, spec, host))
        }),
        ("missing", |looked, spec, host| {
            Box::pin(between::missing(looked, spec, host))
        }),
    ]
}

impl Engine {
    pub(crate) async fn figure(
        &self,
        request: FigureRequest<'_>,
        a: Ref,
        b: Option<Ref>,
        pills: &[Pill],
        selection: &Selection,
        host: &dyn TaskHost,
    ) -> Result<Response, TableError> {
        let compute = kinds().into_iter().find(|(name, _)| *name == request.kind);
        let Some((_, compute)) = compute else {
            return Err(TableError::Param {
                what: "panel".to_owned(),
                reason: format!("kind “{}” is not known to this version", request.kind),
            });
        };
        let mut looked = vec![self.look(a, Side::A, pills, selection, host).await?];
        if let Some(b) = b {
            looked.push(self.look(b, Side::B, pills, &Selection::None, host).await?);
        }
        compute(&looked, request.spec, host)
            .await
            .map(|figure| Response::Figure(Box::new(figure)))
    }

    async fn look(
        &self,
        table: Ref,
        side: Side,
        pills: &[Pill],
        selection: &Selection,
        host: &dyn TaskHost,
    ) -> Result<Looked, TableError> {
        let evaluated = self.evaluate(table, host).await?;
        let names = evaluated.table.column_names();
        // B may lack a column that A is filtered by; its rows are then not filtered by it.
        let own: Vec<Pill> = pills
            .iter()
            .filter(|pill| side == Side::A || names.contains(&pill.column.as_str()))
            .cloned()
            .collect();
        let mut rows = self.matching(&evaluated, &own, host).await?;
        if let Some(mut selected) = view::selected_rows(&evaluated.table, selection, host).await? {
            if let Some(rows) = &rows {
                selected.and_with(rows);
            }
            rows = Some(Rc::new(selected));
        }
        let rows = rows.map(|rows| rows.iter_ones().map(|row| row as u32).collect());
        Ok(Looked {
            name: evaluated.name.clone(),
            side,
            table: evaluated.table.clone(),
            rows,
        })
    }
}
