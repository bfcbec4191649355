//! Column names that can be used: none empty, none twice.

use std::collections::{BTreeMap, BTreeSet};

/// A name that had to be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Renamed {
    /// 0-based.
    pub(crate) column_idx: usize,
    pub(crate) from: String,
    pub(crate) to: String,
}

/// Makes names unique (`a`, `a_2`, `a_3`) and fills in empty ones (`column_3` for the third).
/// Blanks around a name are dropped without being called a change. A name that stands in the file keeps it.
pub(crate) fn usable(names: &[String]) -> (Vec<String>, Vec<Renamed>) {
    let given: BTreeSet<&str> = names.iter().map(|name| name.trim()).collect();
    let mut taken = BTreeSet::new();
    // The next copy number to try, so that a thousand equal names do not take a million tries.
    let mut next_copy: BTreeMap<String, usize> = BTreeMap::new();
    let mut usable = Vec::with_capacity(names.len());
    let mut renamed = Vec::new();
    for (column_idx, name) in names.iter().enumerate() {
        let trimmed = name.trim();
        let base = if trimmed.is_empty() {
            format!("column_{}", column_idx + 1)
        } else {
            trimmed.to_owned()
        };
        // A made-up name must not take one that stands further right.
        let is_free = |candidate: &str, taken: &BTreeSet<String>| {
            !taken.contains(candidate) && (candidate == trimmed || !given.contains(candidate))
        };
        let mut chosen = base.clone();
        let copy = next_copy.entry(base.clone()).or_insert(2);
        while !is_free(&chosen, &taken) {
            chosen = format!("{base}_{copy}");
            *copy += 1;
        }
        if chosen != trimmed {
            renamed.push(Renamed {
                column_idx,
                from: trimmed.to_owned(),
                to: chosen.clone(),
            });
        }
        taken.insert(chosen.clone());
        usable.push(chosen);
    }
    (usable, renamed)
}

/// `column_1`, `column_2`, … for a table without a header.
pub(crate) fn numbered(n_columns: usize) -> Vec<String> {
    (1..=n_columns)
        .map(|number| format!("column_{number}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_unique_and_none_is_empty() {
        let check = |names: &[&str], expected: &[&str], n_renamed: usize| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let (usable, renamed) = usable(&names);
            assert_eq!(usable, expected);
            assert_eq!(renamed.len(), n_renamed, "{renamed:?}");
        };
        check(&["a", "b"], &["a", "b"], 0);
        check(&[" a ", "b"], &["a", "b"], 0);
        check(&["a", "a", "a"], &["a", "a_2", "a_3"], 2);
        check(&["a", "a", "a_2"], &["a", "a_3", "a_2"], 1);
        check(&["x", "", "y"], &["x", "column_2", "y"], 1);
        check(&["", "column_1"], &["column_1_2", "column_1"], 1);
        check(&[], &[], 0);
    }

    #[test]
    fn many_equal_names_stay_unique() {
        let names = vec![String::new(); 300];
        let (usable, _) = usable(&names);
        assert_eq!(usable.iter().collect::<BTreeSet<_>>().len(), 300);
    }
}
