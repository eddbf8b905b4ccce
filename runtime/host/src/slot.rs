//! Waiting for a slot.

use invar_engine::Cancel;
use tokio::runtime::Handle;

use crate::{
    error::{Error, Outcome},
    host::Host,
};

/// Ends work that nobody waits for any more.
struct CancelOnDrop(Cancel);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Waits for a slot without a thread, then works on one of tokio's threads for blocking work. The work is given a flag that
/// is cancelled with `cancel`, and when the future is dropped.
pub(crate) async fn work_in<T: Send + 'static>(
    host: &Host,
    cancel: &Cancel,
    work: impl FnOnce(Cancel) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let tokio = Handle::try_current().map_err(|error| Error::Lost(error.to_string()))?;
    let place = host.wait()?;
    let slot = host.slots().acquire_owned().await;
    let slot = slot.map_err(|error| Error::Lost(error.to_string()))?;
    // The operator's own flag is not touched.
    let cancel = cancel.child();
    let _cancel = CancelOnDrop(cancel.clone());
    // Both are held for as long as the work goes on, whoever waits for it.
    let work = tokio.spawn_blocking(move || {
        let _held = (place, slot);
        work(cancel)
    });
    work.await.map_err(|error| Error::Lost(error.to_string()))?
}
