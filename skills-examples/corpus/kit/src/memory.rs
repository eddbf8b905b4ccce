//! The heap: what is freed is not used again, since a run is short.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32::{memory_grow, memory_size},
    sync::atomic::{AtomicUsize, Ordering},
};

const PAGE_BYTES: usize = 65_536;

struct Heap {
    /// The first free byte; 0 before the first use.
    next: AtomicUsize,
}

#[global_allocator]
static HEAP: Heap = Heap { next: AtomicUsize::new(0) };

// SAFETY: every block lies behind all blocks before it, in memory that was grown for it. There are no threads.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let end = memory_size::<0>() * PAGE_BYTES;
        let next = match self.next.load(Ordering::Relaxed) {
            0 => end,
            next => next,
        };
        let start = next.next_multiple_of(layout.align());
        let Some(stop) = start.checked_add(layout.size()) else { return core::ptr::null_mut() };
        let lacking = stop.saturating_sub(end).div_ceil(PAGE_BYTES);
        if lacking > 0 && memory_grow::<0>(lacking) == usize::MAX {
            return core::ptr::null_mut();
        }
        self.next.store(stop, Ordering::Relaxed);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return block;
        }
        // SAFETY: as the caller promises.
        unsafe {
            // The last block grows where it is.
            if block as usize + layout.size() == self.next.load(Ordering::Relaxed) {
                self.next.store(block as usize, Ordering::Relaxed);
                return self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            }
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                core::ptr::copy_nonoverlapping(block, moved, layout.size());
            }
            moved
        }
    }
}

/// Where the host puts the lists and texts that it answers with. Without it, the C library would bring its own
/// allocator for them, which is larger than most skills.
#[unsafe(no_mangle)]
unsafe extern "C" fn cabi_realloc(block: *mut u8, old: usize, align: usize, new: usize) -> *mut u8 {
    if new == 0 {
        return align as *mut u8;
    }
    // SAFETY: the canonical ABI passes a block that this function gave, or none, and an alignment of its types.
    unsafe {
        let layout = Layout::from_size_align_unchecked(old, align);
        match old {
            0 => HEAP.alloc(Layout::from_size_align_unchecked(new, align)),
            _ => HEAP.realloc(block, layout, new),
        }
    }
}
