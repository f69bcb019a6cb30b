//! One-to-one matching, best first.

/// Pairs left with right items, greedily by score (higher first), ties by left and then right index. Returns for each
/// left item its right one, and the other way round.
pub(super) fn greedy(
    mut candidates: Vec<(f64, usize, usize)>,
    left: usize,
    right: usize,
) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let (mut lefts, mut rights) = (vec![None; left], vec![None; right]);
    for (_, i, j) in candidates {
        if lefts[i].is_none() && rights[j].is_none() {
            lefts[i] = Some(j);
            rights[j] = Some(i);
        }
    }
    (lefts, rights)
}
