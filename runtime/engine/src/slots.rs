//! Room for runs at once: whoever finds none waits, so that memory is bounded however many are asked for.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    time::Duration,
};

use crate::Cancel;

/// How often who waits looks whether it was cancelled.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How many runs there is room for.
pub(crate) struct Slots {
    free: Mutex<u32>,
    freed: Condvar,
}

/// Room for one run, until it is dropped.
pub(crate) struct Slot<'a>(&'a Slots);

impl Slots {
    pub(crate) fn new(free: u32) -> Self {
        Self { free: Mutex::new(free), freed: Condvar::new() }
    }

    /// Waits until there is room; none: it was cancelled before. A run never waits for another one, so that one always
    /// ends.
    pub(crate) fn take(&self, cancel: &Cancel) -> Option<Slot<'_>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            if cancel.is_cancelled() {
                return None;
            }
            let waited = self.freed.wait_timeout(free, LOOK_EVERY);
            (free, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        Some(Slot(self))
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::{Cancel, Slots};

    #[test]
    fn no_more_have_room_at_once_than_there_is_and_all_get_some() {
        let (slots, inside, most) = (Slots::new(3), AtomicU32::new(0), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..50 {
                scope.spawn(|| {
                    let _slot = slots.take(&Cancel::default()).unwrap();
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        assert!((1..=3).contains(&most.into_inner()));
        assert_eq!(*slots.free.lock().unwrap(), 3);
    }
}
