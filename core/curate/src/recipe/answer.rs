//! Answers to what a page asks of a run.

use sluice_analysis::StepId;
use sluice_protocol::recipe::{ExportedRecipe, RecipeAnswer, RecipeQuery};
use sluice_table::{Host, TableError};

use super::overview::overview;
use super::{Run, clusters, compare, corpus, side_files, why};
use crate::interchange;

/// More of a list than this is no use to anyone.
const MAX_COUNT: usize = 200;

/// Answers a question about a run. [`RecipeQuery::Overview`] is of this run: trying other parameters is the caller's.
///
/// # Errors
///
/// [`TableError::Param`] for a step or row that is not of this run; [`TableError::Cancelled`].
pub async fn answer(
    run: &Run,
    query: &RecipeQuery,
    host: &dyn Host,
) -> Result<RecipeAnswer, TableError> {
    Ok(match query {
        RecipeQuery::Overview { .. } => RecipeAnswer::Overview(overview(run)),
        RecipeQuery::Examples {
            step,
            condition,
            side,
            limit,
            count,
        } => RecipeAnswer::Examples(why::examples(
            run,
            place(run, *step)?,
            *condition as usize,
            *side,
            *limit,
            bounded(*count),
        )),
        RecipeQuery::Row { row, port } => {
            let row = usize::try_from(*row).unwrap_or(usize::MAX);
            let input_row = match port {
                None => Some(row),
                Some(port) => run.input_row(*port, row),
            };
            let row = input_row.ok_or_else(|| TableError::Param {
                what: format!("row {row}"),
                reason: "it is not a row of this table any more".to_owned(),
            })?;
            RecipeAnswer::Row(why::reasons(run, row)?)
        }
        RecipeQuery::Groups { column } => RecipeAnswer::Groups(corpus::groups(run, column)?),
        RecipeQuery::Corpus => RecipeAnswer::Corpus(corpus::facts(run, host).await?),
        RecipeQuery::Clusters {
            step,
            start,
            count,
            truth,
        } => RecipeAnswer::Clusters(clusters::clusters(
            run,
            place(run, *step)?,
            *start as usize,
            bounded(*count),
            truth.as_deref(),
        )?),
        RecipeQuery::Pair { step, a, b } => {
            RecipeAnswer::Pair(clusters::pair(run, place(run, *step)?, *a, *b)?)
        }
        RecipeQuery::Dialects { step, count } => RecipeAnswer::Dialects(
            compare::dialects(run, place(run, *step)?, bounded(*count), host).await?,
        ),
        RecipeQuery::Edits { step, count } => {
            RecipeAnswer::Edits(why::edits(run, place(run, *step)?, bounded(*count)))
        }
        RecipeQuery::Export { to } => {
            RecipeAnswer::Exported(match side_files::side_file(run, to) {
                Some((file_name, media_type, text)) => ExportedRecipe {
                    file_name: file_name.to_owned(),
                    media_type: media_type.to_owned(),
                    text,
                    ..ExportedRecipe::default()
                },
                None => interchange::export(&run.members, to)?,
            })
        }
    })
}

fn bounded(count: u32) -> usize {
    (count as usize).min(MAX_COUNT)
}

fn place(run: &Run, step: StepId) -> Result<usize, TableError> {
    let place = run.members.iter().position(|member| member.step == step);
    place.ok_or_else(|| TableError::Param {
        what: format!("step {}", step.0),
        reason: "it is not part of this recipe".to_owned(),
    })
}
