//! “Did you mean …”.

/// A clause with the closest of `known`, or nothing when none is close.
pub(super) fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let most = (name.chars().count() / 3).max(1);
    let closest = known
        .map(|candidate| {
            (
                distance(&name.to_lowercase(), &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits);
    match closest {
        Some((_, candidate)) => format!(", did you mean “{candidate}”?"),
        None => String::new(),
    }
}

/// Edits (insert, delete, replace, swap of neighbours) that turn one into the other.
///
/// # Source
///
/// Damerau 1964 in the restricted form: no substring is edited twice.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &to) in b.iter().enumerate() {
            let mut edits = (last[j] + usize::from(from != to))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && from == b[j - 1] && a[i - 1] == to {
                edits = edits.min(before_last[j - 1] + 1);
            }
            row.push(edits);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_names_are_suggested() {
        let known = ["price", "quantity", "Region"];
        let check = |name: &str, expected: &str| {
            assert_eq!(did_you_mean(name, known.into_iter()), expected, "{name}");
        };
        check("prize", ", did you mean “price”?");
        check("pirce", ", did you mean “price”?");
        check("region", ", did you mean “Region”?");
        check("quantty", ", did you mean “quantity”?");
        check("zzz", "");
    }
}
