//! Who stands for a cluster of duplicates among the rows that are there.
//!
//! Rows come in the order of their rank, the smallest first, then of their number; a rank that is NaN comes last.

use std::ops::Range;

use crate::operator::DuplicateDecision;
use crate::text::clusters::Clusters;

/// The rows that are there, in the order in which they stand for others.
pub fn order(alive: &[bool], rank: Option<&[f64]>) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..)
        .zip(alive)
        .filter_map(|(row, alive)| alive.then_some(row))
        .collect();
    if let Some(rank) = rank {
        rows.sort_by(|a, b| rank_of(rank, *a).total_cmp(&rank_of(rank, *b)));
    }
    rows
}

/// Keeps of each cluster the row that comes first.
///
/// `clusters` must join only rows that are there. `similarity` is asked for each row that goes, with the row that
/// stands for it.
pub fn decide(
    clusters: &mut Clusters,
    alive: &[bool],
    rank: Option<&[f64]>,
    mut similarity: impl FnMut(usize, usize) -> f64,
) -> DuplicateDecision {
    let mut stands_for: Vec<u32> = (0..).zip(alive).map(|(row, _)| row).collect();
    let mut removed = vec![false; alive.len()];
    let mut similarities = vec![f64::NAN; alive.len()];
    // By the cluster's smallest row; rows that stand for their cluster are these where there are no ranks.
    let mut firsts: Vec<u32> = Vec::new();
    if rank.is_some() {
        firsts = stands_for.clone();
        // From the last to the first, so that the first is what remains.
        for row in order(alive, rank).into_iter().rev() {
            let smallest = clusters.smallest(row as usize);
            if let Some(first) = firsts.get_mut(smallest) {
                *first = row;
            }
        }
    }
    let rows = stands_for.iter_mut().zip(&mut removed);
    for (row, ((stands_for, removed), value)) in rows.zip(&mut similarities).enumerate() {
        if !alive.get(row).is_some_and(|alive| *alive) {
            continue;
        }
        let smallest = clusters.smallest(row);
        let first = firsts
            .get(smallest)
            .map_or(smallest, |first| *first as usize);
        if first != row {
            // Row numbers fit: a table has fewer than 2³² rows.
            *stands_for = first as u32;
            *removed = true;
            *value = similarity(row, first);
        }
    }
    DuplicateDecision {
        stands_for,
        removed,
        cuts: Vec::new(),
        similarity: similarities,
    }
}

/// Joins those of the rows that are there.
pub fn join_alive(clusters: &mut Clusters, rows: &[u32], alive: &[bool]) {
    let mut there = rows
        .iter()
        .map(|row| *row as usize)
        .filter(|row| alive.get(*row).is_some_and(|alive| *alive));
    if let Some(first) = there.next() {
        there.for_each(|row| clusters.join(first, row));
    }
}

impl DuplicateDecision {
    /// Every row stays as it is.
    pub fn untouched(n_rows: usize) -> Self {
        Self {
            // Row numbers fit: a table has fewer than 2³² rows.
            stands_for: (0..n_rows as u32).collect(),
            removed: vec![false; n_rows],
            cuts: vec![Vec::new(); n_rows],
            similarity: vec![f64::NAN; n_rows],
        }
    }

    /// Cuts parts of a text of `n_bytes`, or the whole row if too little is left: then with the row that it is like.
    pub fn cut(
        &mut self,
        row: u32,
        cuts: Vec<Range<usize>>,
        n_bytes: usize,
        removed_for: Option<u32>,
    ) {
        let at = row as usize;
        let n_cut: usize = cuts.iter().map(Range::len).sum();
        if let Some(similarity) = self.similarity.get_mut(at) {
            *similarity = n_cut as f64 / n_bytes.max(1) as f64;
        }
        let entries = (self.removed.get_mut(at), self.stands_for.get_mut(at));
        match (removed_for, entries, self.cuts.get_mut(at)) {
            (Some(like), (Some(removed), Some(stands_for)), _) => {
                *removed = true;
                *stands_for = like;
            }
            (None, _, Some(of_row)) => *of_row = cuts,
            _ => {}
        }
    }
}

/// NaN as positive NaN, which is the last.
fn rank_of(rank: &[f64], row: u32) -> f64 {
    let value = rank.get(row as usize).copied().unwrap_or(f64::NAN);
    if value.is_nan() {
        f64::NAN
    } else {
        value + 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_rank_stands_for_a_cluster() {
        let mut clusters = Clusters::new(5);
        clusters.join(0, 2);
        clusters.join(2, 4);
        let alive = [true, true, true, false, true];
        let check = |rank: Option<&[f64]>, expected: [u32; 5]| {
            let decision = decide(&mut clusters.clone(), &alive, rank, |_, _| 0.5);
            assert_eq!(decision.stands_for, expected);
            assert_eq!(
                decision.removed.iter().filter(|removed| **removed).count(),
                2
            );
            assert_eq!(
                decision
                    .similarity
                    .iter()
                    .filter(|value| **value == 0.5)
                    .count(),
                2
            );
        };
        check(None, [0, 1, 0, 3, 0]);
        check(Some(&[3.0, 0.0, 1.0, 0.0, 1.0]), [2, 1, 2, 3, 2]);
        check(Some(&[-f64::NAN, 0.0, f64::NAN, 0.0, 9.0]), [4, 1, 4, 3, 4]);
        assert_eq!(
            order(&alive, Some(&[3.0, 0.0, -0.0, 0.0, 0.0])),
            [1, 2, 4, 0]
        );
    }
}
