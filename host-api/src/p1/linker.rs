//! Where the imports of a module are linked.

use wasmtime::{Caller, Linker};

use super::{
    call::Call,
    clocks, dir, env,
    errno::{Answer, Failure},
    fd, io, path, poll, process, sock,
};
use crate::Membrane;

/// The name under which modules import all functions of preview 1.
pub const MODULE: &str = "wasi_snapshot_preview1";

/// The error number of a call that succeeded.
const SUCCESS: u32 = 0;

macro_rules! link {
    ($linker:ident; $($in:ident::$name:ident($($arg:ident: $type:ty),*);)*) => {$(
        $linker.func_wrap(
            MODULE,
            stringify!($name),
            |caller: Caller<'_, Membrane>, $($arg: $type),*| {
                errno(Call::begin(caller, stringify!($name)).and_then(|mut call| $in::$name(&mut call, $($arg),*)))
            },
        )?;
    )*};
}

/// Links the 46 functions, with the names and types of the specification.
///
/// # Errors
/// The linker holds one of them already.
pub fn add_to_linker(linker: &mut Linker<Membrane>) -> wasmtime::Result<()> {
    link! { linker;
        env::args_get(argv: u32, buffer: u32);
        env::args_sizes_get(count: u32, bytes: u32);
        env::environ_get(environ: u32, buffer: u32);
        env::environ_sizes_get(count: u32, bytes: u32);
        clocks::clock_res_get(id: u32, out: u32);
        clocks::clock_time_get(id: u32, precision: u64, out: u32);
        fd::fd_advise(fd: u32, offset: u64, len: u64, advice: u32);
        fd::fd_allocate(fd: u32, offset: u64, len: u64);
        fd::fd_close(fd: u32);
        fd::fd_datasync(fd: u32);
        fd::fd_fdstat_get(fd: u32, out: u32);
        fd::fd_fdstat_set_flags(fd: u32, fdflags: u32);
        fd::fd_fdstat_set_rights(fd: u32, base: u64, inherited: u64);
        fd::fd_filestat_get(fd: u32, out: u32);
        fd::fd_filestat_set_size(fd: u32, size: u64);
        fd::fd_filestat_set_times(fd: u32, accessed: u64, modified: u64, fstflags: u32);
        io::fd_pread(fd: u32, buffers: u32, count: u32, offset: u64, out: u32);
        fd::fd_prestat_get(fd: u32, out: u32);
        fd::fd_prestat_dir_name(fd: u32, buffer: u32, len: u32);
        io::fd_pwrite(fd: u32, buffers: u32, count: u32, offset: u64, out: u32);
        io::fd_read(fd: u32, buffers: u32, count: u32, out: u32);
        dir::fd_readdir(fd: u32, buffer: u32, len: u32, cookie: u64, out: u32);
        fd::fd_renumber(from: u32, to: u32);
        io::fd_seek(fd: u32, offset: u64, whence: u32, out: u32);
        fd::fd_sync(fd: u32);
        io::fd_tell(fd: u32, out: u32);
        io::fd_write(fd: u32, buffers: u32, count: u32, out: u32);
        path::path_create_directory(fd: u32, path: u32, len: u32);
        path::path_filestat_get(fd: u32, lookup: u32, path: u32, len: u32, out: u32);
        path::path_filestat_set_times(
            fd: u32, lookup: u32, path: u32, len: u32, accessed: u64, modified: u64, fstflags: u32
        );
        path::path_link(from: u32, lookup: u32, path: u32, len: u32, to: u32, new_path: u32, new_len: u32);
        path::path_open(
            fd: u32, lookup: u32, path: u32, len: u32, oflags: u32, base: u64, inherited: u64, fdflags: u32, out: u32
        );
        path::path_readlink(fd: u32, path: u32, len: u32, buffer: u32, buffer_len: u32, out: u32);
        path::path_remove_directory(fd: u32, path: u32, len: u32);
        path::path_rename(from: u32, path: u32, len: u32, to: u32, new_path: u32, new_len: u32);
        path::path_symlink(old_path: u32, old_len: u32, fd: u32, new_path: u32, new_len: u32);
        path::path_unlink_file(fd: u32, path: u32, len: u32);
        poll::poll_oneoff(subscriptions: u32, events: u32, count: u32, out: u32);
        process::proc_raise(signal: u32);
        process::sched_yield();
        env::random_get(buffer: u32, len: u32);
        sock::sock_accept(fd: u32, fdflags: u32, out: u32);
        sock::sock_recv(fd: u32, buffers: u32, count: u32, riflags: u32, size: u32, roflags: u32);
        sock::sock_send(fd: u32, buffers: u32, count: u32, siflags: u32, size: u32);
        sock::sock_shutdown(fd: u32, how: u32);
    }
    // The one that answers nothing.
    linker.func_wrap(MODULE, "proc_exit", |caller: Caller<'_, Membrane>, status: u32| {
        let exited =
            Call::begin(caller, "proc_exit").and_then(|mut call| process::proc_exit(&mut call, status));
        errno(exited).map(drop)
    })?;
    Ok(())
}

/// What the module is answered.
fn errno(answer: Answer<()>) -> wasmtime::Result<u32> {
    match answer {
        Ok(()) => Ok(SUCCESS),
        Err(Failure::Errno(errno)) => Ok(u32::from(errno as u16)),
        Err(Failure::End(error)) => Err(error),
    }
}
