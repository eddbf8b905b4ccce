//! A bare wasmtime-wasi host with the same settings: what a run costs without us.

use wasmtime::{
    Engine, Store,
    component::{Component, ResourceTable},
};
use wasmtime_wasi::{
    FsPerms, WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView,
    p2::{
        add_to_linker_sync,
        bindings::sync::CommandPre,
        pipe::{MemoryInputPipe, MemoryOutputPipe},
    },
};

use crate::skills;

/// Links once, runs often, as we do.
pub(crate) struct Host {
    engine: Engine,
    pre: CommandPre<State>,
    directory: tempfile::TempDir,
}

struct State {
    ctx: WasiCtx,
    table: ResourceTable,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.ctx, table: &mut self.table }
    }
}

impl Host {
    pub(crate) fn new(component: &[u8]) -> Self {
        let engine = Engine::new(&invar_engine::comparable()).unwrap();
        let component = Component::new(&engine, component).unwrap();
        let mut linker = wasmtime::component::Linker::new(&engine);
        add_to_linker_sync(&mut linker).unwrap();
        let pre = CommandPre::new(linker.instantiate_pre(&component).unwrap()).unwrap();
        let host = Self { engine, pre, directory: tempfile::tempdir().unwrap() };
        host.reset_directory("hello");
        host
    }

    /// Puts the files of an example's world into the directory that runs get.
    pub(crate) fn reset_directory(&self, example: &str) {
        let root = self.directory.path();
        for directory in ["data", "tmp/hello", "tmp/enrichment-cache"] {
            let _ = std::fs::remove_dir_all(root.join(directory));
            std::fs::create_dir_all(root.join(directory)).unwrap();
        }
        std::fs::write(root.join("data/greetings"), "en=Hello\nde=Hallo\nfr=Bonjour\n").unwrap();
        if let Ok(tiers) = std::fs::read(skills::directory(example).join("tiers.csv")) {
            std::fs::write(root.join("data/tiers.csv"), tiers).unwrap();
        }
    }

    /// One run without files.
    pub(crate) fn run(&self, input: &[u8]) {
        let mut builder = WasiCtx::builder();
        self.call(builder.stdin(MemoryInputPipe::new(input.to_vec())));
    }

    /// One run with the directory as its root.
    pub(crate) fn run_in_directory(&self, input: &[u8]) {
        let mut builder = WasiCtx::builder();
        builder
            .stdin(MemoryInputPipe::new(input.to_vec()))
            .stdout(MemoryOutputPipe::new(1 << 20))
            .allow_blocking_current_thread(true)
            .env("LANG", "de_DE.UTF-8")
            .preopened_dir(self.directory.path(), "/", FsPerms::ReadWrite)
            .unwrap();
        self.call(&mut builder);
    }

    fn call(&self, builder: &mut WasiCtxBuilder) {
        let mut store = Store::new(&self.engine, State { ctx: builder.build(), table: ResourceTable::new() });
        store.set_fuel(u64::MAX / 2).unwrap();
        let command = self.pre.instantiate(&mut store).unwrap();
        command.wasi_cli_run().call_run(&mut store).unwrap().unwrap();
    }
}
