//! How WebAssembly is compiled and run.

use std::hash::{Hash, Hasher};

use invar_host_api::limits::{PROBED_STACK_BYTES, STACK_BYTES, in_memory};
use invar_world::{Digest, Limits};
use sha2::{Digest as _, Sha256};
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig};

/// Changes when the lab answers differently to the same calls, or fuel is counted differently: traces of another
/// number do not replay. A test that replays a committed trace says when.
const LAB_VERSION: u32 = 1;
/// The settings below that results and fuel depend on, in words.
const SEMANTICS: &str = "wasmtime 48; fuel; canonical NaN; multi-memory; no relaxed SIMD; no threads; no GC";

/// Runs at once, unless the operator says another number: the pool has room for so many.
pub(crate) const RUNS_AT_ONCE: u32 = 32;
/// Core instances of a component: its module, and what joins that to its interfaces. A module for WASI p1 is one.
const CORE_INSTANCES: u32 = 4;
/// Memories of a module, and one for probes.
const MODULE_MEMORIES: u32 = 2;
/// Instances of a component that the pool takes, as multiples of the usual: larger ones run outside it.
const INSTANCES_RATIO: u32 = 4;
/// Stack that the host's side of a call takes, beside that of WebAssembly.
const HOST_STACK_BYTES: usize = 1 << 20;
/// Bytes of a memory that stay resident in the pool between runs: cheaper to clear than to map again.
const RESIDENT_BYTES: usize = 256 << 10;

/// What an engine runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// Skills as they are, on the stack of the thread.
    Originals,
    /// Instrumented copies, on a separate, larger stack: a thread need not have that much.
    Copies,
}

/// The settings that results and fuel depend on, and those that only speed depends on.
///
/// Everything that could tell one host from another is off or fixed: NaN payloads, relaxed SIMD, threads,
/// garbage collection, stack depth. Time is fuel: there are no epochs.
pub(crate) fn config(pool_of: Option<u32>, runs: Runs) -> Config {
    let stack = match runs {
        Runs::Originals => STACK_BYTES,
        Runs::Copies => PROBED_STACK_BYTES,
    };
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .consume_fuel(true)
        .cranelift_nan_canonicalization(true)
        .cranelift_opt_level(OptLevel::Speed)
        .wasm_relaxed_simd(false)
        .wasm_multi_memory(true)
        .max_wasm_stack(stack)
        .async_stack_size(stack + HOST_STACK_BYTES)
        .memory_init_cow(true)
        .generate_address_map(false)
        .wasm_backtrace_max_frames(None);
    if let Some(runs_at_once) = pool_of {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_component_instances(runs_at_once)
            // So many that every component which the pool takes finds room, however many run at once.
            .total_core_instances(runs_at_once * CORE_INSTANCES * INSTANCES_RATIO)
            .total_memories(runs_at_once * MODULE_MEMORIES * INSTANCES_RATIO)
            .total_tables(runs_at_once * CORE_INSTANCES * INSTANCES_RATIO)
            .total_stacks(runs_at_once)
            .max_core_instances_per_component(CORE_INSTANCES * INSTANCES_RATIO)
            .max_memories_per_component(MODULE_MEMORIES * INSTANCES_RATIO)
            .max_tables_per_component(CORE_INSTANCES * INSTANCES_RATIO)
            .max_memories_per_module(MODULE_MEMORIES)
            .max_tables_per_module(4)
            .max_memory_size(in_memory(Limits::LAB.memory_bytes))
            .table_elements(in_memory(Limits::LAB.table_elements))
            .linear_memory_keep_resident(RESIDENT_BYTES)
            .table_keep_resident(RESIDENT_BYTES)
            .max_unused_warm_slots(runs_at_once)
            .pagemap_scan(Enabled::Auto);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    }
    config
}

/// The settings that skills run under, for a bare host that is to be compared with ours.
#[must_use]
pub fn comparable() -> Config {
    config(Some(RUNS_AT_ONCE), Runs::Originals)
}

/// The digest of everything in the engine that a trace depends on: what a skill computes, what its fuel is, when
/// it is stopped. No part of it is of one machine, so that a trace replays on another.
pub(crate) fn lab_digest() -> Digest {
    let stack = (STACK_BYTES as u64).to_be_bytes();
    Digest::of_parts("invar/engine", &[&LAB_VERSION.to_be_bytes(), SEMANTICS.as_bytes(), &stack])
}

/// The digest of everything that compiled code depends on, this machine's processor too.
pub(crate) fn code_digest(engine: &wasmtime::Engine) -> Digest {
    /// Hashes with SHA-256 what is made for hash tables.
    #[derive(Default)]
    struct Sha(Sha256);

    impl Hasher for Sha {
        fn finish(&self) -> u64 {
            0
        }

        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }

    let mut sha = Sha::default();
    engine.precompile_compatibility_hash().hash(&mut sha);
    Digest(sha.0.finalize().into())
}
