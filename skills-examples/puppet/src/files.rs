//! `wasi:filesystem`

use crate::{
    datetime,
    handles::{Handle, Handles},
    hex,
    script::Call,
    wasi::{
        clocks::wall_clock::Datetime,
        filesystem::{
            preopens::get_directories,
            types::{Advice, DescriptorFlags, DescriptorStat, ErrorCode, NewTimestamp, OpenFlags, PathFlags},
        },
    },
};

type Answer = Result<String, String>;

pub(crate) fn answer(function: &str, call: &Call, handles: &mut Handles) -> Option<Answer> {
    if function == "get-directories" {
        return Some(directories(call, handles));
    }
    if function == "read-directory-entry" {
        return Some(entry(call, handles));
    }
    const FUNCTIONS: [&str; 28] = [
        "read-via-stream",
        "write-via-stream",
        "append-via-stream",
        "advise",
        "sync-data",
        "get-flags",
        "get-type",
        "set-size",
        "set-times",
        "read-at",
        "write-at",
        "read-directory",
        "sync",
        "create-directory-at",
        "stat",
        "stat-at",
        "set-times-at",
        "link-at",
        "open-at",
        "readlink-at",
        "remove-directory-at",
        "rename-at",
        "symlink-at",
        "unlink-file-at",
        "is-same-object",
        "metadata-hash",
        "metadata-hash-at",
        "",
    ];
    FUNCTIONS.contains(&function).then(|| descriptor(function, call, handles))
}

/// The first directory gets the call's name, the others the paths they are handed over under.
fn directories(call: &Call, handles: &mut Handles) -> Answer {
    let mut paths = Vec::new();
    for (index, (descriptor, path)) in get_directories().into_iter().enumerate() {
        let name = if index == 0 { call.name.clone().unwrap_or("_".into()) } else { path.clone() };
        handles.put(&name, Handle::Descriptor(descriptor));
        paths.push(path);
    }
    Ok(format!("{paths:?}"))
}

fn entry(call: &Call, handles: &mut Handles) -> Answer {
    Ok(match handles.listing(call.word(0)?)?.read_directory_entry() {
        Ok(Some(entry)) => format!("ok {:?} {:?}", entry.name, entry.type_),
        Ok(None) => "ok end".to_owned(),
        Err(error) => refused(error),
    })
}

fn descriptor(function: &str, call: &Call, handles: &mut Handles) -> Answer {
    let fd = handles.descriptor(call.word(0)?)?;
    let follow = if call.has("follow") { PathFlags::SYMLINK_FOLLOW } else { PathFlags::empty() };
    let done = |()| String::new();
    let kept = |handle: Result<Handle, ErrorCode>, handles: &mut Handles| {
        Ok(match handle {
            Ok(handle) => handles.keep(call, handle),
            Err(error) => refused(error),
        })
    };
    let answer = match function {
        "read-via-stream" => {
            let stream = fd.read_via_stream(call.number(1)?).map(Handle::Input);
            return kept(stream, handles);
        }
        "write-via-stream" => {
            let stream = fd.write_via_stream(call.number(1)?).map(Handle::Output);
            return kept(stream, handles);
        }
        "append-via-stream" => {
            let stream = fd.append_via_stream().map(Handle::Output);
            return kept(stream, handles);
        }
        "read-directory" => {
            let listing = fd.read_directory().map(Handle::Listing);
            return kept(listing, handles);
        }
        "open-at" => {
            let opened = fd.open_at(follow, call.word(1)?, open_flags(call), descriptor_flags(call));
            return kept(opened.map(Handle::Descriptor), handles);
        }
        "advise" => fd.advise(call.number(1)?, call.number(2)?, Advice::Normal).map(done),
        "sync-data" => fd.sync_data().map(done),
        "sync" => fd.sync().map(done),
        "get-flags" => fd.get_flags().map(|flags| format!("{flags:?}")),
        "get-type" => fd.get_type().map(|kind| format!("{kind:?}")),
        "set-size" => fd.set_size(call.number(1)?).map(done),
        "set-times" => fd.set_times(time(call, 1)?, time(call, 2)?).map(done),
        "read-at" => fd.read(call.number(1)?, call.number(2)?).map(|(bytes, end)| {
            format!("{:?} {}", String::from_utf8_lossy(&bytes), if end { "end" } else { "more" })
        }),
        "write-at" => fd.write(&call.bytes(1)?, call.number(2)?).map(|written| written.to_string()),
        "create-directory-at" => fd.create_directory_at(call.word(1)?).map(done),
        "stat" => fd.stat().map(stat),
        "stat-at" => fd.stat_at(follow, call.word(1)?).map(stat),
        "set-times-at" => fd.set_times_at(follow, call.word(1)?, time(call, 2)?, time(call, 3)?).map(done),
        "link-at" => {
            fd.link_at(follow, call.word(1)?, handles.descriptor(call.word(2)?)?, call.word(3)?).map(done)
        }
        "rename-at" => {
            fd.rename_at(call.word(1)?, handles.descriptor(call.word(2)?)?, call.word(3)?).map(done)
        }
        "readlink-at" => fd.readlink_at(call.word(1)?).map(|target| format!("{target:?}")),
        "remove-directory-at" => fd.remove_directory_at(call.word(1)?).map(done),
        "symlink-at" => fd.symlink_at(call.word(1)?, call.word(2)?).map(done),
        "unlink-file-at" => fd.unlink_file_at(call.word(1)?).map(done),
        "is-same-object" => return Ok(fd.is_same_object(handles.descriptor(call.word(1)?)?).to_string()),
        "metadata-hash" => fd.metadata_hash().map(|hash| hex(&hash.lower.to_be_bytes())),
        _ => fd.metadata_hash_at(follow, call.word(1)?).map(|hash| hex(&hash.lower.to_be_bytes())),
    };
    Ok(match answer {
        Ok(text) => format!("ok {text}").trim_end().to_owned(),
        Err(error) => refused(error),
    })
}

fn refused(error: ErrorCode) -> String {
    format!("err {}", error.name())
}

fn open_flags(call: &Call) -> OpenFlags {
    let flags = [
        ("create", OpenFlags::CREATE),
        ("directory", OpenFlags::DIRECTORY),
        ("exclusive", OpenFlags::EXCLUSIVE),
        ("truncate", OpenFlags::TRUNCATE),
    ];
    flags.iter().filter(|(word, _)| call.has(word)).fold(OpenFlags::empty(), |all, (_, flag)| all | *flag)
}

fn descriptor_flags(call: &Call) -> DescriptorFlags {
    let flags = [
        ("read", DescriptorFlags::READ),
        ("write", DescriptorFlags::WRITE),
        ("file-integrity-sync", DescriptorFlags::FILE_INTEGRITY_SYNC),
        ("mutate-directory", DescriptorFlags::MUTATE_DIRECTORY),
    ];
    flags
        .iter()
        .filter(|(word, _)| call.has(word))
        .fold(DescriptorFlags::empty(), |all, (_, flag)| all | *flag)
}

/// `-` leaves a time as it is, `now` sets it to the present, a number to those seconds.
fn time(call: &Call, index: usize) -> Result<NewTimestamp, String> {
    Ok(match call.word(index)? {
        "-" => NewTimestamp::NoChange,
        "now" => NewTimestamp::Now,
        _ => NewTimestamp::Timestamp(datetime(call.number(index)?)),
    })
}

fn stat(stat: DescriptorStat) -> String {
    let time = |time: Option<Datetime>| time.map_or("none".to_owned(), |time| time.seconds.to_string());
    format!(
        "{:?} links={} size={} accessed={} modified={} changed={}",
        stat.type_,
        stat.link_count,
        stat.size,
        time(stat.data_access_timestamp),
        time(stat.data_modification_timestamp),
        time(stat.status_change_timestamp),
    )
}
