//! Rows by chance.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sluice_analysis::Params;
use sluice_protocol::spec::{OperationKind, OperationSpec};

use crate::operator::{About, Fault, Foreign, Operator, Prepared, Select, describe, typed};

/// Chooses rows by chance, each with the same probability, and leaves them in their order.
pub struct RandomSelector;

#[derive(Serialize, Deserialize, JsonSchema, Default)]
#[serde(default, deny_unknown_fields)]
struct RandomParams {
    /// Share of the rows that is chosen, rounded down.
    #[schemars(range(min = 0.0, max = 1.0), extend("unit" = "share"))]
    select_ratio: Option<f64>,
    /// Number of rows that is chosen; with a share, the fewer of both. Without either, all rows stay.
    select_num: Option<usize>,
}

impl Operator for RandomSelector {
    fn spec(&self) -> OperationSpec {
        describe::<RandomParams>(About {
            name: "random_selector",
            title: "Random rows",
            summary: "Chooses a random sample of the rows",
            kind: OperationKind::Select,
            source: "Data-Juicer 1.4.3, random_selector",
            dialects: &[],
        })
    }

    fn prepare(&self, params: &Params) -> Result<Prepared, Fault> {
        Ok(Prepared::Select(Box::new(typed::<RandomParams>(params)?)))
    }

    fn foreign(&self) -> &'static [Foreign] {
        &[Foreign {
            system: "data-juicer",
            name: "random_selector",
            dialect: "",
        }]
    }
}

impl Select for RandomParams {
    fn column(&self) -> Option<String> {
        None
    }

    fn select(&self, records: &[Json], draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize> {
        let n_all = records.len();
        let mut chosen: Vec<usize> = (0..n_all).collect();
        // As in Data-Juicer, 0 counts as not given, and a single row stays.
        let number = self.select_num.filter(|number| *number > 0);
        let share = self.select_ratio.filter(|share| *share > 0.0);
        let n_chosen = match (share.map(|share| (share * n_all as f64) as usize), number) {
            (Some(by_share), Some(number)) => by_share.min(number),
            (by_share, number) => by_share.or(number).unwrap_or(n_all),
        };
        if n_all <= 1 || n_chosen >= n_all {
            return chosen;
        }
        // The first steps of a shuffle (Fisher and Yates): each of the rows left is as likely as the others.
        for at in 0..n_chosen {
            let n_left = n_all - at;
            let offset = usize::try_from(draw(n_left as u64)).unwrap_or(0);
            chosen.swap(at, at + offset.min(n_left - 1));
        }
        chosen.truncate(n_chosen);
        chosen.sort_unstable();
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn select(params: &str, n_all: usize, draw: &mut dyn FnMut(u64) -> u64) -> Vec<usize> {
        let params = serde_json::from_str(params).unwrap();
        let Ok(Prepared::Select(select)) = RandomSelector.prepare(&params) else {
            panic!("{params:?}");
        };
        select.select(&vec![json!({}); n_all], draw)
    }

    #[test]
    fn a_share_or_a_number_is_drawn_without_repeats() {
        assert_eq!(
            select(r#"{"select_ratio": 0.5}"#, 5, &mut |n| n - 1),
            [0, 4]
        );
        assert_eq!(
            select(r#"{"select_num": 3, "select_ratio": 0.9}"#, 5, &mut |_| 1),
            [1, 2, 3]
        );
        assert_eq!(select(r#"{"select_num": 9}"#, 2, &mut |_| 0), [0, 1]);
        assert_eq!(select("{}", 3, &mut |_| 0), [0, 1, 2]);
        assert_eq!(select("{}", 0, &mut |_| 0), [] as [usize; 0]);
    }
}
