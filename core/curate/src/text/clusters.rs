//! What belongs together: clusters of items that are joined pair by pair.

/// Clusters of the items from 0, named by their smallest index.
#[derive(Clone, Debug)]
pub struct Clusters {
    parents: Vec<usize>,
}

impl Clusters {
    /// Each item alone.
    pub fn new(n_items: usize) -> Self {
        Self {
            parents: (0..n_items).collect(),
        }
    }

    /// Joins the clusters of both items.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.smallest(a), self.smallest(b));
        if let Some(parent) = self.parents.get_mut(a.max(b)) {
            *parent = a.min(b);
        }
    }

    /// The smallest index of the item's cluster.
    pub fn smallest(&mut self, item: usize) -> usize {
        let mut at = item;
        // Halving the path: every other item on it is hung to its grandparent.
        while let Some(&parent) = self.parents.get(at)
            && parent != at
        {
            let grandparent = self.parents.get(parent).copied().unwrap_or(parent);
            if let Some(entry) = self.parents.get_mut(at) {
                *entry = grandparent;
            }
            at = grandparent;
        }
        at
    }

    /// The smallest item of each cluster, in order.
    pub fn firsts(&self) -> Vec<usize> {
        let parents = self.parents.iter().enumerate();
        parents
            .filter_map(|(idx, parent)| (idx == *parent).then_some(idx))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clusters_keep_their_smallest_item() {
        let mut clusters = Clusters::new(6);
        clusters.join(4, 5);
        clusters.join(1, 3);
        clusters.join(5, 3);
        assert_eq!(clusters.firsts(), [0, 1, 2]);
        assert_eq!(clusters.smallest(5), 1);
    }
}
