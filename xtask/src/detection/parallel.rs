//! Work on several items at a time.

use std::sync::Mutex;

use crate::project::TaskResult;

/// Does it for the items at these places, so many at a time, and gives what came of each with its place. Backwards:
/// what takes longest is at the end, and should not be what all the others wait for.
///
/// # Errors
/// A worker panicked.
pub(super) fn each<T: Sync, R: Send>(
    items: &[T],
    places: Vec<usize>,
    at_a_time: usize,
    work: impl Fn(&T) -> R + Sync,
) -> TaskResult<Vec<(usize, R)>> {
    let queue = Mutex::new(places.into_iter().rev());
    let next = || queue.lock().ok().and_then(|mut queue| queue.next());
    let worker = || std::iter::from_fn(next).map(|at| (at, work(&items[at]))).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..at_a_time).map(|_| scope.spawn(worker)).collect();
        let mut done = Vec::new();
        for worker in workers {
            done.extend(worker.join().map_err(|_| "a worker panicked")?);
        }
        Ok(done)
    })
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn every_place_is_worked_on_once() {
        let items: Vec<usize> = (0..50).collect();
        let mut done = each(&items, (10..40).collect(), 3, |item| item * 2).unwrap();
        done.sort_unstable();
        assert_eq!(done, (10..40).map(|at| (at, at * 2)).collect::<Vec<_>>());
    }
}
