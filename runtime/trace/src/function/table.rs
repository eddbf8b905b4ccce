//! Written by `cargo xtask functions` from `wit/`. Do not edit.

use super::{Function, FunctionId, Type, entry as f};

const CLOCKS_DATETIME: Type = Type::Record(&[("seconds", Type::Unsigned), ("nanoseconds", Type::Unsigned)]);
const CLOCKS_TIMEZONE_DISPLAY: Type = Type::Record(&[
    ("utc-offset", Type::Signed),
    ("name", Type::Text),
    ("in-daylight-saving-time", Type::Bool),
]);
const CONFIG_ERROR: Type = Type::Variant(&[("upstream", Some(&Type::Text)), ("io", Some(&Type::Text))]);
const FILESYSTEM_ADVICE: Type =
    Type::Enum(&["normal", "sequential", "random", "will-need", "dont-need", "no-reuse"]);
const FILESYSTEM_DESCRIPTOR_FLAGS: Type = Type::Flags(&[
    "read",
    "write",
    "file-integrity-sync",
    "data-integrity-sync",
    "requested-write-sync",
    "mutate-directory",
]);
const FILESYSTEM_DESCRIPTOR_STAT: Type = Type::Record(&[
    ("type", FILESYSTEM_DESCRIPTOR_TYPE),
    ("link-count", Type::Unsigned),
    ("size", Type::Unsigned),
    ("data-access-timestamp", Type::Option(&CLOCKS_DATETIME)),
    ("data-modification-timestamp", Type::Option(&CLOCKS_DATETIME)),
    ("status-change-timestamp", Type::Option(&CLOCKS_DATETIME)),
]);
const FILESYSTEM_DESCRIPTOR_TYPE: Type = Type::Enum(&[
    "unknown",
    "block-device",
    "character-device",
    "directory",
    "fifo",
    "symbolic-link",
    "regular-file",
    "socket",
]);
const FILESYSTEM_DIRECTORY_ENTRY: Type =
    Type::Record(&[("type", FILESYSTEM_DESCRIPTOR_TYPE), ("name", Type::Text)]);
const FILESYSTEM_ERROR_CODE: Type = Type::Enum(&[
    "access",
    "would-block",
    "already",
    "bad-descriptor",
    "busy",
    "deadlock",
    "quota",
    "exist",
    "file-too-large",
    "illegal-byte-sequence",
    "in-progress",
    "interrupted",
    "invalid",
    "io",
    "is-directory",
    "loop",
    "too-many-links",
    "message-size",
    "name-too-long",
    "no-device",
    "no-entry",
    "no-lock",
    "insufficient-memory",
    "insufficient-space",
    "not-directory",
    "not-empty",
    "not-recoverable",
    "unsupported",
    "no-tty",
    "no-such-device",
    "overflow",
    "not-permitted",
    "pipe",
    "read-only",
    "invalid-seek",
    "text-file-busy",
    "cross-device",
]);
const FILESYSTEM_METADATA_HASH_VALUE: Type =
    Type::Record(&[("lower", Type::Unsigned), ("upper", Type::Unsigned)]);
const FILESYSTEM_NEW_TIMESTAMP: Type =
    Type::Variant(&[("no-change", None), ("now", None), ("timestamp", Some(&CLOCKS_DATETIME))]);
const FILESYSTEM_OPEN_FLAGS: Type = Type::Flags(&["create", "directory", "exclusive", "truncate"]);
const FILESYSTEM_PATH_FLAGS: Type = Type::Flags(&["symlink-follow"]);
const HTTP_DNS_ERROR_PAYLOAD: Type =
    Type::Record(&[("rcode", Type::Option(&Type::Text)), ("info-code", Type::Option(&Type::Unsigned))]);
const HTTP_ERROR_CODE: Type = Type::Variant(&[
    ("DNS-timeout", None),
    ("DNS-error", Some(&HTTP_DNS_ERROR_PAYLOAD)),
    ("destination-not-found", None),
    ("destination-unavailable", None),
    ("destination-IP-prohibited", None),
    ("destination-IP-unroutable", None),
    ("connection-refused", None),
    ("connection-terminated", None),
    ("connection-timeout", None),
    ("connection-read-timeout", None),
    ("connection-write-timeout", None),
    ("connection-limit-reached", None),
    ("TLS-protocol-error", None),
    ("TLS-certificate-error", None),
    ("TLS-alert-received", Some(&HTTP_TLS_ALERT_RECEIVED_PAYLOAD)),
    ("HTTP-request-denied", None),
    ("HTTP-request-length-required", None),
    ("HTTP-request-body-size", Some(&Type::Option(&Type::Unsigned))),
    ("HTTP-request-method-invalid", None),
    ("HTTP-request-URI-invalid", None),
    ("HTTP-request-URI-too-long", None),
    ("HTTP-request-header-section-size", Some(&Type::Option(&Type::Unsigned))),
    ("HTTP-request-header-size", Some(&Type::Option(&HTTP_FIELD_SIZE_PAYLOAD))),
    ("HTTP-request-trailer-section-size", Some(&Type::Option(&Type::Unsigned))),
    ("HTTP-request-trailer-size", Some(&HTTP_FIELD_SIZE_PAYLOAD)),
    ("HTTP-response-incomplete", None),
    ("HTTP-response-header-section-size", Some(&Type::Option(&Type::Unsigned))),
    ("HTTP-response-header-size", Some(&HTTP_FIELD_SIZE_PAYLOAD)),
    ("HTTP-response-body-size", Some(&Type::Option(&Type::Unsigned))),
    ("HTTP-response-trailer-section-size", Some(&Type::Option(&Type::Unsigned))),
    ("HTTP-response-trailer-size", Some(&HTTP_FIELD_SIZE_PAYLOAD)),
    ("HTTP-response-transfer-coding", Some(&Type::Option(&Type::Text))),
    ("HTTP-response-content-coding", Some(&Type::Option(&Type::Text))),
    ("HTTP-response-timeout", None),
    ("HTTP-upgrade-failed", None),
    ("HTTP-protocol-error", None),
    ("loop-detected", None),
    ("configuration-error", None),
    ("internal-error", Some(&Type::Option(&Type::Text))),
]);
const HTTP_FIELD_SIZE_PAYLOAD: Type =
    Type::Record(&[("field-name", Type::Option(&Type::Text)), ("field-size", Type::Option(&Type::Unsigned))]);
const HTTP_HEADER_ERROR: Type =
    Type::Variant(&[("invalid-syntax", None), ("forbidden", None), ("immutable", None)]);
const HTTP_METHOD: Type = Type::Variant(&[
    ("get", None),
    ("head", None),
    ("post", None),
    ("put", None),
    ("delete", None),
    ("connect", None),
    ("options", None),
    ("trace", None),
    ("patch", None),
    ("other", Some(&Type::Text)),
]);
const HTTP_SCHEME: Type = Type::Variant(&[("HTTP", None), ("HTTPS", None), ("other", Some(&Type::Text))]);
const HTTP_TLS_ALERT_RECEIVED_PAYLOAD: Type = Type::Record(&[
    ("alert-id", Type::Option(&Type::Unsigned)),
    ("alert-message", Type::Option(&Type::Text)),
]);
const IO_STREAM_ERROR: Type =
    Type::Variant(&[("last-operation-failed", Some(&Type::Handle("error"))), ("closed", None)]);
const LOGGING_LEVEL: Type = Type::Enum(&["trace", "debug", "info", "warn", "error", "critical"]);
const SOCKETS_ERROR_CODE: Type = Type::Enum(&[
    "unknown",
    "access-denied",
    "not-supported",
    "invalid-argument",
    "out-of-memory",
    "timeout",
    "concurrency-conflict",
    "not-in-progress",
    "would-block",
    "invalid-state",
    "new-socket-limit",
    "address-not-bindable",
    "address-in-use",
    "remote-unreachable",
    "connection-refused",
    "connection-reset",
    "connection-aborted",
    "datagram-too-large",
    "name-unresolvable",
    "temporary-resolver-failure",
    "permanent-resolver-failure",
]);
const SOCKETS_INCOMING_DATAGRAM: Type =
    Type::Record(&[("data", Type::Bytes), ("remote-address", SOCKETS_IP_SOCKET_ADDRESS)]);
const SOCKETS_IPV4_SOCKET_ADDRESS: Type = Type::Record(&[
    ("port", Type::Unsigned),
    ("address", Type::Tuple(&[Type::Unsigned, Type::Unsigned, Type::Unsigned, Type::Unsigned])),
]);
const SOCKETS_IPV6_SOCKET_ADDRESS: Type = Type::Record(&[
    ("port", Type::Unsigned),
    ("flow-info", Type::Unsigned),
    (
        "address",
        Type::Tuple(&[
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
        ]),
    ),
    ("scope-id", Type::Unsigned),
]);
const SOCKETS_IP_ADDRESS: Type = Type::Variant(&[
    ("ipv4", Some(&Type::Tuple(&[Type::Unsigned, Type::Unsigned, Type::Unsigned, Type::Unsigned]))),
    (
        "ipv6",
        Some(&Type::Tuple(&[
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
            Type::Unsigned,
        ])),
    ),
]);
const SOCKETS_IP_ADDRESS_FAMILY: Type = Type::Enum(&["ipv4", "ipv6"]);
const SOCKETS_IP_SOCKET_ADDRESS: Type = Type::Variant(&[
    ("ipv4", Some(&SOCKETS_IPV4_SOCKET_ADDRESS)),
    ("ipv6", Some(&SOCKETS_IPV6_SOCKET_ADDRESS)),
]);
const SOCKETS_OUTGOING_DATAGRAM: Type =
    Type::Record(&[("data", Type::Bytes), ("remote-address", Type::Option(&SOCKETS_IP_SOCKET_ADDRESS))]);
const SOCKETS_SHUTDOWN_TYPE: Type = Type::Enum(&["receive", "send", "both"]);

/// Every function, at the index of its number less one.
pub static FUNCTIONS: &[Function] = &[
    f(
        "wasi:cli/environment",
        "get-environment",
        &[],
        Some(Type::List(&Type::Tuple(&[Type::Text, Type::Text]))),
    ),
    f("wasi:cli/environment", "get-arguments", &[], Some(Type::List(&Type::Text))),
    f("wasi:cli/environment", "initial-cwd", &[], Some(Type::Option(&Type::Text))),
    f("wasi:cli/exit", "exit", &[("status", Type::Result(None, None))], None),
    f("wasi:cli/exit", "exit-with-code", &[("status-code", Type::Unsigned)], None),
    f("wasi:io/error", "[method]error.to-debug-string", &[("self", Type::Handle("error"))], Some(Type::Text)),
    f("wasi:io/error", "[resource-drop]error", &[("self", Type::Handle("error"))], None),
    f("wasi:io/poll", "[method]pollable.ready", &[("self", Type::Handle("pollable"))], Some(Type::Bool)),
    f("wasi:io/poll", "[method]pollable.block", &[("self", Type::Handle("pollable"))], None),
    f(
        "wasi:io/poll",
        "poll",
        &[("in", Type::List(&Type::Handle("pollable")))],
        Some(Type::List(&Type::Unsigned)),
    ),
    f("wasi:io/poll", "[resource-drop]pollable", &[("self", Type::Handle("pollable"))], None),
    f(
        "wasi:io/streams",
        "[method]input-stream.read",
        &[("self", Type::Handle("input-stream")), ("len", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Bytes), Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]input-stream.blocking-read",
        &[("self", Type::Handle("input-stream")), ("len", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Bytes), Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]input-stream.skip",
        &[("self", Type::Handle("input-stream")), ("len", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Unsigned), Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]input-stream.blocking-skip",
        &[("self", Type::Handle("input-stream")), ("len", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Unsigned), Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]input-stream.subscribe",
        &[("self", Type::Handle("input-stream"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.check-write",
        &[("self", Type::Handle("output-stream"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.write",
        &[("self", Type::Handle("output-stream")), ("contents", Type::Bytes)],
        Some(Type::Result(None, Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.blocking-write-and-flush",
        &[("self", Type::Handle("output-stream")), ("contents", Type::Bytes)],
        Some(Type::Result(None, Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.flush",
        &[("self", Type::Handle("output-stream"))],
        Some(Type::Result(None, Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.blocking-flush",
        &[("self", Type::Handle("output-stream"))],
        Some(Type::Result(None, Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.subscribe",
        &[("self", Type::Handle("output-stream"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.write-zeroes",
        &[("self", Type::Handle("output-stream")), ("len", Type::Unsigned)],
        Some(Type::Result(None, Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.blocking-write-zeroes-and-flush",
        &[("self", Type::Handle("output-stream")), ("len", Type::Unsigned)],
        Some(Type::Result(None, Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.splice",
        &[
            ("self", Type::Handle("output-stream")),
            ("src", Type::Handle("input-stream")),
            ("len", Type::Unsigned),
        ],
        Some(Type::Result(Some(&Type::Unsigned), Some(&IO_STREAM_ERROR))),
    ),
    f(
        "wasi:io/streams",
        "[method]output-stream.blocking-splice",
        &[
            ("self", Type::Handle("output-stream")),
            ("src", Type::Handle("input-stream")),
            ("len", Type::Unsigned),
        ],
        Some(Type::Result(Some(&Type::Unsigned), Some(&IO_STREAM_ERROR))),
    ),
    f("wasi:io/streams", "[resource-drop]input-stream", &[("self", Type::Handle("input-stream"))], None),
    f("wasi:io/streams", "[resource-drop]output-stream", &[("self", Type::Handle("output-stream"))], None),
    f("wasi:cli/stdin", "get-stdin", &[], Some(Type::Handle("input-stream"))),
    f("wasi:cli/stdout", "get-stdout", &[], Some(Type::Handle("output-stream"))),
    f("wasi:cli/stderr", "get-stderr", &[], Some(Type::Handle("output-stream"))),
    f(
        "wasi:cli/terminal-input",
        "[resource-drop]terminal-input",
        &[("self", Type::Handle("terminal-input"))],
        None,
    ),
    f(
        "wasi:cli/terminal-output",
        "[resource-drop]terminal-output",
        &[("self", Type::Handle("terminal-output"))],
        None,
    ),
    f(
        "wasi:cli/terminal-stdin",
        "get-terminal-stdin",
        &[],
        Some(Type::Option(&Type::Handle("terminal-input"))),
    ),
    f(
        "wasi:cli/terminal-stdout",
        "get-terminal-stdout",
        &[],
        Some(Type::Option(&Type::Handle("terminal-output"))),
    ),
    f(
        "wasi:cli/terminal-stderr",
        "get-terminal-stderr",
        &[],
        Some(Type::Option(&Type::Handle("terminal-output"))),
    ),
    f("wasi:clocks/monotonic-clock", "now", &[], Some(Type::Unsigned)),
    f("wasi:clocks/monotonic-clock", "resolution", &[], Some(Type::Unsigned)),
    f(
        "wasi:clocks/monotonic-clock",
        "subscribe-instant",
        &[("when", Type::Unsigned)],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:clocks/monotonic-clock",
        "subscribe-duration",
        &[("when", Type::Unsigned)],
        Some(Type::Handle("pollable")),
    ),
    f("wasi:clocks/wall-clock", "now", &[], Some(CLOCKS_DATETIME)),
    f("wasi:clocks/wall-clock", "resolution", &[], Some(CLOCKS_DATETIME)),
    f("wasi:clocks/timezone", "display", &[("when", CLOCKS_DATETIME)], Some(CLOCKS_TIMEZONE_DISPLAY)),
    f("wasi:clocks/timezone", "utc-offset", &[("when", CLOCKS_DATETIME)], Some(Type::Signed)),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.read-via-stream",
        &[("self", Type::Handle("descriptor")), ("offset", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Handle("input-stream")), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.write-via-stream",
        &[("self", Type::Handle("descriptor")), ("offset", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Handle("output-stream")), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.append-via-stream",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(Some(&Type::Handle("output-stream")), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.advise",
        &[
            ("self", Type::Handle("descriptor")),
            ("offset", Type::Unsigned),
            ("length", Type::Unsigned),
            ("advice", FILESYSTEM_ADVICE),
        ],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.sync-data",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.get-flags",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(Some(&FILESYSTEM_DESCRIPTOR_FLAGS), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.get-type",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(Some(&FILESYSTEM_DESCRIPTOR_TYPE), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.set-size",
        &[("self", Type::Handle("descriptor")), ("size", Type::Unsigned)],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.set-times",
        &[
            ("self", Type::Handle("descriptor")),
            ("data-access-timestamp", FILESYSTEM_NEW_TIMESTAMP),
            ("data-modification-timestamp", FILESYSTEM_NEW_TIMESTAMP),
        ],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.read",
        &[("self", Type::Handle("descriptor")), ("length", Type::Unsigned), ("offset", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Tuple(&[Type::Bytes, Type::Bool])), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.write",
        &[("self", Type::Handle("descriptor")), ("buffer", Type::Bytes), ("offset", Type::Unsigned)],
        Some(Type::Result(Some(&Type::Unsigned), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.read-directory",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(Some(&Type::Handle("directory-entry-stream")), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.sync",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.create-directory-at",
        &[("self", Type::Handle("descriptor")), ("path", Type::Text)],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.stat",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(Some(&FILESYSTEM_DESCRIPTOR_STAT), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.stat-at",
        &[("self", Type::Handle("descriptor")), ("path-flags", FILESYSTEM_PATH_FLAGS), ("path", Type::Text)],
        Some(Type::Result(Some(&FILESYSTEM_DESCRIPTOR_STAT), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.set-times-at",
        &[
            ("self", Type::Handle("descriptor")),
            ("path-flags", FILESYSTEM_PATH_FLAGS),
            ("path", Type::Text),
            ("data-access-timestamp", FILESYSTEM_NEW_TIMESTAMP),
            ("data-modification-timestamp", FILESYSTEM_NEW_TIMESTAMP),
        ],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.link-at",
        &[
            ("self", Type::Handle("descriptor")),
            ("old-path-flags", FILESYSTEM_PATH_FLAGS),
            ("old-path", Type::Text),
            ("new-descriptor", Type::Handle("descriptor")),
            ("new-path", Type::Text),
        ],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.open-at",
        &[
            ("self", Type::Handle("descriptor")),
            ("path-flags", FILESYSTEM_PATH_FLAGS),
            ("path", Type::Text),
            ("open-flags", FILESYSTEM_OPEN_FLAGS),
            ("flags", FILESYSTEM_DESCRIPTOR_FLAGS),
        ],
        Some(Type::Result(Some(&Type::Handle("descriptor")), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.readlink-at",
        &[("self", Type::Handle("descriptor")), ("path", Type::Text)],
        Some(Type::Result(Some(&Type::Text), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.remove-directory-at",
        &[("self", Type::Handle("descriptor")), ("path", Type::Text)],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.rename-at",
        &[
            ("self", Type::Handle("descriptor")),
            ("old-path", Type::Text),
            ("new-descriptor", Type::Handle("descriptor")),
            ("new-path", Type::Text),
        ],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.symlink-at",
        &[("self", Type::Handle("descriptor")), ("old-path", Type::Text), ("new-path", Type::Text)],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.unlink-file-at",
        &[("self", Type::Handle("descriptor")), ("path", Type::Text)],
        Some(Type::Result(None, Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.is-same-object",
        &[("self", Type::Handle("descriptor")), ("other", Type::Handle("descriptor"))],
        Some(Type::Bool),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.metadata-hash",
        &[("self", Type::Handle("descriptor"))],
        Some(Type::Result(Some(&FILESYSTEM_METADATA_HASH_VALUE), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]descriptor.metadata-hash-at",
        &[("self", Type::Handle("descriptor")), ("path-flags", FILESYSTEM_PATH_FLAGS), ("path", Type::Text)],
        Some(Type::Result(Some(&FILESYSTEM_METADATA_HASH_VALUE), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "[method]directory-entry-stream.read-directory-entry",
        &[("self", Type::Handle("directory-entry-stream"))],
        Some(Type::Result(Some(&Type::Option(&FILESYSTEM_DIRECTORY_ENTRY)), Some(&FILESYSTEM_ERROR_CODE))),
    ),
    f(
        "wasi:filesystem/types",
        "filesystem-error-code",
        &[("err", Type::Handle("error"))],
        Some(Type::Option(&FILESYSTEM_ERROR_CODE)),
    ),
    f("wasi:filesystem/types", "[resource-drop]descriptor", &[("self", Type::Handle("descriptor"))], None),
    f(
        "wasi:filesystem/types",
        "[resource-drop]directory-entry-stream",
        &[("self", Type::Handle("directory-entry-stream"))],
        None,
    ),
    f(
        "wasi:filesystem/preopens",
        "get-directories",
        &[],
        Some(Type::List(&Type::Tuple(&[Type::Handle("descriptor"), Type::Text]))),
    ),
    f(
        "wasi:sockets/network",
        "network-error-code",
        &[("err", Type::Handle("error"))],
        Some(Type::Option(&SOCKETS_ERROR_CODE)),
    ),
    f("wasi:sockets/network", "[resource-drop]network", &[("self", Type::Handle("network"))], None),
    f("wasi:sockets/instance-network", "instance-network", &[], Some(Type::Handle("network"))),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.start-bind",
        &[
            ("self", Type::Handle("udp-socket")),
            ("network", Type::Handle("network")),
            ("local-address", SOCKETS_IP_SOCKET_ADDRESS),
        ],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.finish-bind",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.stream",
        &[("self", Type::Handle("udp-socket")), ("remote-address", Type::Option(&SOCKETS_IP_SOCKET_ADDRESS))],
        Some(Type::Result(
            Some(&Type::Tuple(&[
                Type::Handle("incoming-datagram-stream"),
                Type::Handle("outgoing-datagram-stream"),
            ])),
            Some(&SOCKETS_ERROR_CODE),
        )),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.local-address",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Result(Some(&SOCKETS_IP_SOCKET_ADDRESS), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.remote-address",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Result(Some(&SOCKETS_IP_SOCKET_ADDRESS), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.address-family",
        &[("self", Type::Handle("udp-socket"))],
        Some(SOCKETS_IP_ADDRESS_FAMILY),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.unicast-hop-limit",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.set-unicast-hop-limit",
        &[("self", Type::Handle("udp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.receive-buffer-size",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.set-receive-buffer-size",
        &[("self", Type::Handle("udp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.send-buffer-size",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.set-send-buffer-size",
        &[("self", Type::Handle("udp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]udp-socket.subscribe",
        &[("self", Type::Handle("udp-socket"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:sockets/udp",
        "[method]incoming-datagram-stream.receive",
        &[("self", Type::Handle("incoming-datagram-stream")), ("max-results", Type::Unsigned)],
        Some(Type::Result(Some(&Type::List(&SOCKETS_INCOMING_DATAGRAM)), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]incoming-datagram-stream.subscribe",
        &[("self", Type::Handle("incoming-datagram-stream"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:sockets/udp",
        "[method]outgoing-datagram-stream.check-send",
        &[("self", Type::Handle("outgoing-datagram-stream"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]outgoing-datagram-stream.send",
        &[
            ("self", Type::Handle("outgoing-datagram-stream")),
            ("datagrams", Type::List(&SOCKETS_OUTGOING_DATAGRAM)),
        ],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/udp",
        "[method]outgoing-datagram-stream.subscribe",
        &[("self", Type::Handle("outgoing-datagram-stream"))],
        Some(Type::Handle("pollable")),
    ),
    f("wasi:sockets/udp", "[resource-drop]udp-socket", &[("self", Type::Handle("udp-socket"))], None),
    f(
        "wasi:sockets/udp",
        "[resource-drop]incoming-datagram-stream",
        &[("self", Type::Handle("incoming-datagram-stream"))],
        None,
    ),
    f(
        "wasi:sockets/udp",
        "[resource-drop]outgoing-datagram-stream",
        &[("self", Type::Handle("outgoing-datagram-stream"))],
        None,
    ),
    f(
        "wasi:sockets/udp-create-socket",
        "create-udp-socket",
        &[("address-family", SOCKETS_IP_ADDRESS_FAMILY)],
        Some(Type::Result(Some(&Type::Handle("udp-socket")), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.start-bind",
        &[
            ("self", Type::Handle("tcp-socket")),
            ("network", Type::Handle("network")),
            ("local-address", SOCKETS_IP_SOCKET_ADDRESS),
        ],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.finish-bind",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.start-connect",
        &[
            ("self", Type::Handle("tcp-socket")),
            ("network", Type::Handle("network")),
            ("remote-address", SOCKETS_IP_SOCKET_ADDRESS),
        ],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.finish-connect",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(
            Some(&Type::Tuple(&[Type::Handle("input-stream"), Type::Handle("output-stream")])),
            Some(&SOCKETS_ERROR_CODE),
        )),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.start-listen",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.finish-listen",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.accept",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(
            Some(&Type::Tuple(&[
                Type::Handle("tcp-socket"),
                Type::Handle("input-stream"),
                Type::Handle("output-stream"),
            ])),
            Some(&SOCKETS_ERROR_CODE),
        )),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.local-address",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&SOCKETS_IP_SOCKET_ADDRESS), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.remote-address",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&SOCKETS_IP_SOCKET_ADDRESS), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.is-listening",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Bool),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.address-family",
        &[("self", Type::Handle("tcp-socket"))],
        Some(SOCKETS_IP_ADDRESS_FAMILY),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-listen-backlog-size",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.keep-alive-enabled",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Bool), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-keep-alive-enabled",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Bool)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.keep-alive-idle-time",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-keep-alive-idle-time",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.keep-alive-interval",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-keep-alive-interval",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.keep-alive-count",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-keep-alive-count",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.hop-limit",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-hop-limit",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.receive-buffer-size",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-receive-buffer-size",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.send-buffer-size",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Result(Some(&Type::Unsigned), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.set-send-buffer-size",
        &[("self", Type::Handle("tcp-socket")), ("value", Type::Unsigned)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.subscribe",
        &[("self", Type::Handle("tcp-socket"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:sockets/tcp",
        "[method]tcp-socket.shutdown",
        &[("self", Type::Handle("tcp-socket")), ("shutdown-type", SOCKETS_SHUTDOWN_TYPE)],
        Some(Type::Result(None, Some(&SOCKETS_ERROR_CODE))),
    ),
    f("wasi:sockets/tcp", "[resource-drop]tcp-socket", &[("self", Type::Handle("tcp-socket"))], None),
    f(
        "wasi:sockets/tcp-create-socket",
        "create-tcp-socket",
        &[("address-family", SOCKETS_IP_ADDRESS_FAMILY)],
        Some(Type::Result(Some(&Type::Handle("tcp-socket")), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/ip-name-lookup",
        "[method]resolve-address-stream.resolve-next-address",
        &[("self", Type::Handle("resolve-address-stream"))],
        Some(Type::Result(Some(&Type::Option(&SOCKETS_IP_ADDRESS)), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/ip-name-lookup",
        "[method]resolve-address-stream.subscribe",
        &[("self", Type::Handle("resolve-address-stream"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:sockets/ip-name-lookup",
        "resolve-addresses",
        &[("network", Type::Handle("network")), ("name", Type::Text)],
        Some(Type::Result(Some(&Type::Handle("resolve-address-stream")), Some(&SOCKETS_ERROR_CODE))),
    ),
    f(
        "wasi:sockets/ip-name-lookup",
        "[resource-drop]resolve-address-stream",
        &[("self", Type::Handle("resolve-address-stream"))],
        None,
    ),
    f("wasi:random/random", "get-random-bytes", &[("len", Type::Unsigned)], Some(Type::Bytes)),
    f("wasi:random/random", "get-random-u64", &[], Some(Type::Unsigned)),
    f("wasi:random/insecure", "get-insecure-random-bytes", &[("len", Type::Unsigned)], Some(Type::Bytes)),
    f("wasi:random/insecure", "get-insecure-random-u64", &[], Some(Type::Unsigned)),
    f(
        "wasi:random/insecure-seed",
        "insecure-seed",
        &[],
        Some(Type::Tuple(&[Type::Unsigned, Type::Unsigned])),
    ),
    f("wasi:http/types", "[constructor]fields", &[], Some(Type::Handle("fields"))),
    f(
        "wasi:http/types",
        "[static]fields.from-list",
        &[("entries", Type::List(&Type::Tuple(&[Type::Text, Type::Bytes])))],
        Some(Type::Result(Some(&Type::Handle("fields")), Some(&HTTP_HEADER_ERROR))),
    ),
    f(
        "wasi:http/types",
        "[method]fields.get",
        &[("self", Type::Handle("fields")), ("name", Type::Text)],
        Some(Type::List(&Type::Bytes)),
    ),
    f(
        "wasi:http/types",
        "[method]fields.has",
        &[("self", Type::Handle("fields")), ("name", Type::Text)],
        Some(Type::Bool),
    ),
    f(
        "wasi:http/types",
        "[method]fields.set",
        &[("self", Type::Handle("fields")), ("name", Type::Text), ("value", Type::List(&Type::Bytes))],
        Some(Type::Result(None, Some(&HTTP_HEADER_ERROR))),
    ),
    f(
        "wasi:http/types",
        "[method]fields.delete",
        &[("self", Type::Handle("fields")), ("name", Type::Text)],
        Some(Type::Result(None, Some(&HTTP_HEADER_ERROR))),
    ),
    f(
        "wasi:http/types",
        "[method]fields.append",
        &[("self", Type::Handle("fields")), ("name", Type::Text), ("value", Type::Bytes)],
        Some(Type::Result(None, Some(&HTTP_HEADER_ERROR))),
    ),
    f(
        "wasi:http/types",
        "[method]fields.entries",
        &[("self", Type::Handle("fields"))],
        Some(Type::List(&Type::Tuple(&[Type::Text, Type::Bytes]))),
    ),
    f(
        "wasi:http/types",
        "[method]fields.clone",
        &[("self", Type::Handle("fields"))],
        Some(Type::Handle("fields")),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-request.method",
        &[("self", Type::Handle("incoming-request"))],
        Some(HTTP_METHOD),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-request.path-with-query",
        &[("self", Type::Handle("incoming-request"))],
        Some(Type::Option(&Type::Text)),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-request.scheme",
        &[("self", Type::Handle("incoming-request"))],
        Some(Type::Option(&HTTP_SCHEME)),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-request.authority",
        &[("self", Type::Handle("incoming-request"))],
        Some(Type::Option(&Type::Text)),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-request.headers",
        &[("self", Type::Handle("incoming-request"))],
        Some(Type::Handle("fields")),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-request.consume",
        &[("self", Type::Handle("incoming-request"))],
        Some(Type::Result(Some(&Type::Handle("incoming-body")), None)),
    ),
    f(
        "wasi:http/types",
        "[constructor]outgoing-request",
        &[("headers", Type::Handle("fields"))],
        Some(Type::Handle("outgoing-request")),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.body",
        &[("self", Type::Handle("outgoing-request"))],
        Some(Type::Result(Some(&Type::Handle("outgoing-body")), None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.method",
        &[("self", Type::Handle("outgoing-request"))],
        Some(HTTP_METHOD),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.set-method",
        &[("self", Type::Handle("outgoing-request")), ("method", HTTP_METHOD)],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.path-with-query",
        &[("self", Type::Handle("outgoing-request"))],
        Some(Type::Option(&Type::Text)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.set-path-with-query",
        &[("self", Type::Handle("outgoing-request")), ("path-with-query", Type::Option(&Type::Text))],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.scheme",
        &[("self", Type::Handle("outgoing-request"))],
        Some(Type::Option(&HTTP_SCHEME)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.set-scheme",
        &[("self", Type::Handle("outgoing-request")), ("scheme", Type::Option(&HTTP_SCHEME))],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.authority",
        &[("self", Type::Handle("outgoing-request"))],
        Some(Type::Option(&Type::Text)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.set-authority",
        &[("self", Type::Handle("outgoing-request")), ("authority", Type::Option(&Type::Text))],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-request.headers",
        &[("self", Type::Handle("outgoing-request"))],
        Some(Type::Handle("fields")),
    ),
    f("wasi:http/types", "[constructor]request-options", &[], Some(Type::Handle("request-options"))),
    f(
        "wasi:http/types",
        "[method]request-options.connect-timeout",
        &[("self", Type::Handle("request-options"))],
        Some(Type::Option(&Type::Unsigned)),
    ),
    f(
        "wasi:http/types",
        "[method]request-options.set-connect-timeout",
        &[("self", Type::Handle("request-options")), ("duration", Type::Option(&Type::Unsigned))],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]request-options.first-byte-timeout",
        &[("self", Type::Handle("request-options"))],
        Some(Type::Option(&Type::Unsigned)),
    ),
    f(
        "wasi:http/types",
        "[method]request-options.set-first-byte-timeout",
        &[("self", Type::Handle("request-options")), ("duration", Type::Option(&Type::Unsigned))],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]request-options.between-bytes-timeout",
        &[("self", Type::Handle("request-options"))],
        Some(Type::Option(&Type::Unsigned)),
    ),
    f(
        "wasi:http/types",
        "[method]request-options.set-between-bytes-timeout",
        &[("self", Type::Handle("request-options")), ("duration", Type::Option(&Type::Unsigned))],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]response-outparam.send-informational",
        &[
            ("self", Type::Handle("response-outparam")),
            ("status", Type::Unsigned),
            ("headers", Type::Handle("fields")),
        ],
        Some(Type::Result(None, Some(&HTTP_ERROR_CODE))),
    ),
    f(
        "wasi:http/types",
        "[static]response-outparam.set",
        &[
            ("param", Type::Handle("response-outparam")),
            ("response", Type::Result(Some(&Type::Handle("outgoing-response")), Some(&HTTP_ERROR_CODE))),
        ],
        None,
    ),
    f(
        "wasi:http/types",
        "[method]incoming-response.status",
        &[("self", Type::Handle("incoming-response"))],
        Some(Type::Unsigned),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-response.headers",
        &[("self", Type::Handle("incoming-response"))],
        Some(Type::Handle("fields")),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-response.consume",
        &[("self", Type::Handle("incoming-response"))],
        Some(Type::Result(Some(&Type::Handle("incoming-body")), None)),
    ),
    f(
        "wasi:http/types",
        "[method]incoming-body.stream",
        &[("self", Type::Handle("incoming-body"))],
        Some(Type::Result(Some(&Type::Handle("input-stream")), None)),
    ),
    f(
        "wasi:http/types",
        "[static]incoming-body.finish",
        &[("this", Type::Handle("incoming-body"))],
        Some(Type::Handle("future-trailers")),
    ),
    f(
        "wasi:http/types",
        "[method]future-trailers.subscribe",
        &[("self", Type::Handle("future-trailers"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:http/types",
        "[method]future-trailers.get",
        &[("self", Type::Handle("future-trailers"))],
        Some(Type::Option(&Type::Result(
            Some(&Type::Result(Some(&Type::Option(&Type::Handle("fields"))), Some(&HTTP_ERROR_CODE))),
            None,
        ))),
    ),
    f(
        "wasi:http/types",
        "[constructor]outgoing-response",
        &[("headers", Type::Handle("fields"))],
        Some(Type::Handle("outgoing-response")),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-response.status-code",
        &[("self", Type::Handle("outgoing-response"))],
        Some(Type::Unsigned),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-response.set-status-code",
        &[("self", Type::Handle("outgoing-response")), ("status-code", Type::Unsigned)],
        Some(Type::Result(None, None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-response.headers",
        &[("self", Type::Handle("outgoing-response"))],
        Some(Type::Handle("fields")),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-response.body",
        &[("self", Type::Handle("outgoing-response"))],
        Some(Type::Result(Some(&Type::Handle("outgoing-body")), None)),
    ),
    f(
        "wasi:http/types",
        "[method]outgoing-body.write",
        &[("self", Type::Handle("outgoing-body"))],
        Some(Type::Result(Some(&Type::Handle("output-stream")), None)),
    ),
    f(
        "wasi:http/types",
        "[static]outgoing-body.finish",
        &[("this", Type::Handle("outgoing-body")), ("trailers", Type::Option(&Type::Handle("fields")))],
        Some(Type::Result(None, Some(&HTTP_ERROR_CODE))),
    ),
    f(
        "wasi:http/types",
        "[method]future-incoming-response.subscribe",
        &[("self", Type::Handle("future-incoming-response"))],
        Some(Type::Handle("pollable")),
    ),
    f(
        "wasi:http/types",
        "[method]future-incoming-response.get",
        &[("self", Type::Handle("future-incoming-response"))],
        Some(Type::Option(&Type::Result(
            Some(&Type::Result(Some(&Type::Handle("incoming-response")), Some(&HTTP_ERROR_CODE))),
            None,
        ))),
    ),
    f(
        "wasi:http/types",
        "http-error-code",
        &[("err", Type::Handle("error"))],
        Some(Type::Option(&HTTP_ERROR_CODE)),
    ),
    f("wasi:http/types", "[resource-drop]fields", &[("self", Type::Handle("fields"))], None),
    f(
        "wasi:http/types",
        "[resource-drop]incoming-request",
        &[("self", Type::Handle("incoming-request"))],
        None,
    ),
    f(
        "wasi:http/types",
        "[resource-drop]outgoing-request",
        &[("self", Type::Handle("outgoing-request"))],
        None,
    ),
    f(
        "wasi:http/types",
        "[resource-drop]request-options",
        &[("self", Type::Handle("request-options"))],
        None,
    ),
    f(
        "wasi:http/types",
        "[resource-drop]response-outparam",
        &[("self", Type::Handle("response-outparam"))],
        None,
    ),
    f(
        "wasi:http/types",
        "[resource-drop]incoming-response",
        &[("self", Type::Handle("incoming-response"))],
        None,
    ),
    f("wasi:http/types", "[resource-drop]incoming-body", &[("self", Type::Handle("incoming-body"))], None),
    f(
        "wasi:http/types",
        "[resource-drop]future-trailers",
        &[("self", Type::Handle("future-trailers"))],
        None,
    ),
    f(
        "wasi:http/types",
        "[resource-drop]outgoing-response",
        &[("self", Type::Handle("outgoing-response"))],
        None,
    ),
    f("wasi:http/types", "[resource-drop]outgoing-body", &[("self", Type::Handle("outgoing-body"))], None),
    f(
        "wasi:http/types",
        "[resource-drop]future-incoming-response",
        &[("self", Type::Handle("future-incoming-response"))],
        None,
    ),
    f(
        "wasi:http/outgoing-handler",
        "handle",
        &[
            ("request", Type::Handle("outgoing-request")),
            ("options", Type::Option(&Type::Handle("request-options"))),
        ],
        Some(Type::Result(Some(&Type::Handle("future-incoming-response")), Some(&HTTP_ERROR_CODE))),
    ),
    f(
        "wasi:config/store",
        "get",
        &[("key", Type::Text)],
        Some(Type::Result(Some(&Type::Option(&Type::Text)), Some(&CONFIG_ERROR))),
    ),
    f(
        "wasi:config/store",
        "get-all",
        &[],
        Some(Type::Result(Some(&Type::List(&Type::Tuple(&[Type::Text, Type::Text]))), Some(&CONFIG_ERROR))),
    ),
    f(
        "wasi:logging/logging",
        "log",
        &[("level", LOGGING_LEVEL), ("context", Type::Text), ("message", Type::Text)],
        None,
    ),
];

/// Functions of `wasi:cli/environment`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod environment {
    use super::FunctionId;

    pub const GET_ENVIRONMENT: FunctionId = FunctionId(1);
    pub const GET_ARGUMENTS: FunctionId = FunctionId(2);
    pub const INITIAL_CWD: FunctionId = FunctionId(3);
}

/// Functions of `wasi:cli/exit`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod exit {
    use super::FunctionId;

    pub const EXIT: FunctionId = FunctionId(4);
    pub const EXIT_WITH_CODE: FunctionId = FunctionId(5);
}

/// Functions of `wasi:cli/stderr`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod stderr {
    use super::FunctionId;

    pub const GET_STDERR: FunctionId = FunctionId(31);
}

/// Functions of `wasi:cli/stdin`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod stdin {
    use super::FunctionId;

    pub const GET_STDIN: FunctionId = FunctionId(29);
}

/// Functions of `wasi:cli/stdout`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod stdout {
    use super::FunctionId;

    pub const GET_STDOUT: FunctionId = FunctionId(30);
}

/// Functions of `wasi:cli/terminal-input`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod terminal_input {
    use super::FunctionId;

    pub const TERMINAL_INPUT_DROP: FunctionId = FunctionId(32);
}

/// Functions of `wasi:cli/terminal-output`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod terminal_output {
    use super::FunctionId;

    pub const TERMINAL_OUTPUT_DROP: FunctionId = FunctionId(33);
}

/// Functions of `wasi:cli/terminal-stderr`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod terminal_stderr {
    use super::FunctionId;

    pub const GET_TERMINAL_STDERR: FunctionId = FunctionId(36);
}

/// Functions of `wasi:cli/terminal-stdin`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod terminal_stdin {
    use super::FunctionId;

    pub const GET_TERMINAL_STDIN: FunctionId = FunctionId(34);
}

/// Functions of `wasi:cli/terminal-stdout`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod terminal_stdout {
    use super::FunctionId;

    pub const GET_TERMINAL_STDOUT: FunctionId = FunctionId(35);
}

/// Functions of `wasi:clocks/monotonic-clock`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod monotonic_clock {
    use super::FunctionId;

    pub const NOW: FunctionId = FunctionId(37);
    pub const RESOLUTION: FunctionId = FunctionId(38);
    pub const SUBSCRIBE_INSTANT: FunctionId = FunctionId(39);
    pub const SUBSCRIBE_DURATION: FunctionId = FunctionId(40);
}

/// Functions of `wasi:clocks/timezone`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod timezone {
    use super::FunctionId;

    pub const DISPLAY: FunctionId = FunctionId(43);
    pub const UTC_OFFSET: FunctionId = FunctionId(44);
}

/// Functions of `wasi:clocks/wall-clock`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod wall_clock {
    use super::FunctionId;

    pub const NOW: FunctionId = FunctionId(41);
    pub const RESOLUTION: FunctionId = FunctionId(42);
}

/// Functions of `wasi:config/store`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod store {
    use super::FunctionId;

    pub const GET: FunctionId = FunctionId(205);
    pub const GET_ALL: FunctionId = FunctionId(206);
}

/// Functions of `wasi:filesystem/preopens`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod preopens {
    use super::FunctionId;

    pub const GET_DIRECTORIES: FunctionId = FunctionId(76);
}

/// Functions of `wasi:filesystem/types`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod filesystem {
    use super::FunctionId;

    pub const DESCRIPTOR_READ_VIA_STREAM: FunctionId = FunctionId(45);
    pub const DESCRIPTOR_WRITE_VIA_STREAM: FunctionId = FunctionId(46);
    pub const DESCRIPTOR_APPEND_VIA_STREAM: FunctionId = FunctionId(47);
    pub const DESCRIPTOR_ADVISE: FunctionId = FunctionId(48);
    pub const DESCRIPTOR_SYNC_DATA: FunctionId = FunctionId(49);
    pub const DESCRIPTOR_GET_FLAGS: FunctionId = FunctionId(50);
    pub const DESCRIPTOR_GET_TYPE: FunctionId = FunctionId(51);
    pub const DESCRIPTOR_SET_SIZE: FunctionId = FunctionId(52);
    pub const DESCRIPTOR_SET_TIMES: FunctionId = FunctionId(53);
    pub const DESCRIPTOR_READ: FunctionId = FunctionId(54);
    pub const DESCRIPTOR_WRITE: FunctionId = FunctionId(55);
    pub const DESCRIPTOR_READ_DIRECTORY: FunctionId = FunctionId(56);
    pub const DESCRIPTOR_SYNC: FunctionId = FunctionId(57);
    pub const DESCRIPTOR_CREATE_DIRECTORY_AT: FunctionId = FunctionId(58);
    pub const DESCRIPTOR_STAT: FunctionId = FunctionId(59);
    pub const DESCRIPTOR_STAT_AT: FunctionId = FunctionId(60);
    pub const DESCRIPTOR_SET_TIMES_AT: FunctionId = FunctionId(61);
    pub const DESCRIPTOR_LINK_AT: FunctionId = FunctionId(62);
    pub const DESCRIPTOR_OPEN_AT: FunctionId = FunctionId(63);
    pub const DESCRIPTOR_READLINK_AT: FunctionId = FunctionId(64);
    pub const DESCRIPTOR_REMOVE_DIRECTORY_AT: FunctionId = FunctionId(65);
    pub const DESCRIPTOR_RENAME_AT: FunctionId = FunctionId(66);
    pub const DESCRIPTOR_SYMLINK_AT: FunctionId = FunctionId(67);
    pub const DESCRIPTOR_UNLINK_FILE_AT: FunctionId = FunctionId(68);
    pub const DESCRIPTOR_IS_SAME_OBJECT: FunctionId = FunctionId(69);
    pub const DESCRIPTOR_METADATA_HASH: FunctionId = FunctionId(70);
    pub const DESCRIPTOR_METADATA_HASH_AT: FunctionId = FunctionId(71);
    pub const DIRECTORY_ENTRY_STREAM_READ_DIRECTORY_ENTRY: FunctionId = FunctionId(72);
    pub const FILESYSTEM_ERROR_CODE: FunctionId = FunctionId(73);
    pub const DESCRIPTOR_DROP: FunctionId = FunctionId(74);
    pub const DIRECTORY_ENTRY_STREAM_DROP: FunctionId = FunctionId(75);
}

/// Functions of `wasi:http/outgoing-handler`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod outgoing_handler {
    use super::FunctionId;

    pub const HANDLE: FunctionId = FunctionId(204);
}

/// Functions of `wasi:http/types`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod http {
    use super::FunctionId;

    pub const FIELDS_NEW: FunctionId = FunctionId(141);
    pub const FIELDS_FROM_LIST: FunctionId = FunctionId(142);
    pub const FIELDS_GET: FunctionId = FunctionId(143);
    pub const FIELDS_HAS: FunctionId = FunctionId(144);
    pub const FIELDS_SET: FunctionId = FunctionId(145);
    pub const FIELDS_DELETE: FunctionId = FunctionId(146);
    pub const FIELDS_APPEND: FunctionId = FunctionId(147);
    pub const FIELDS_ENTRIES: FunctionId = FunctionId(148);
    pub const FIELDS_CLONE: FunctionId = FunctionId(149);
    pub const INCOMING_REQUEST_METHOD: FunctionId = FunctionId(150);
    pub const INCOMING_REQUEST_PATH_WITH_QUERY: FunctionId = FunctionId(151);
    pub const INCOMING_REQUEST_SCHEME: FunctionId = FunctionId(152);
    pub const INCOMING_REQUEST_AUTHORITY: FunctionId = FunctionId(153);
    pub const INCOMING_REQUEST_HEADERS: FunctionId = FunctionId(154);
    pub const INCOMING_REQUEST_CONSUME: FunctionId = FunctionId(155);
    pub const OUTGOING_REQUEST_NEW: FunctionId = FunctionId(156);
    pub const OUTGOING_REQUEST_BODY: FunctionId = FunctionId(157);
    pub const OUTGOING_REQUEST_METHOD: FunctionId = FunctionId(158);
    pub const OUTGOING_REQUEST_SET_METHOD: FunctionId = FunctionId(159);
    pub const OUTGOING_REQUEST_PATH_WITH_QUERY: FunctionId = FunctionId(160);
    pub const OUTGOING_REQUEST_SET_PATH_WITH_QUERY: FunctionId = FunctionId(161);
    pub const OUTGOING_REQUEST_SCHEME: FunctionId = FunctionId(162);
    pub const OUTGOING_REQUEST_SET_SCHEME: FunctionId = FunctionId(163);
    pub const OUTGOING_REQUEST_AUTHORITY: FunctionId = FunctionId(164);
    pub const OUTGOING_REQUEST_SET_AUTHORITY: FunctionId = FunctionId(165);
    pub const OUTGOING_REQUEST_HEADERS: FunctionId = FunctionId(166);
    pub const REQUEST_OPTIONS_NEW: FunctionId = FunctionId(167);
    pub const REQUEST_OPTIONS_CONNECT_TIMEOUT: FunctionId = FunctionId(168);
    pub const REQUEST_OPTIONS_SET_CONNECT_TIMEOUT: FunctionId = FunctionId(169);
    pub const REQUEST_OPTIONS_FIRST_BYTE_TIMEOUT: FunctionId = FunctionId(170);
    pub const REQUEST_OPTIONS_SET_FIRST_BYTE_TIMEOUT: FunctionId = FunctionId(171);
    pub const REQUEST_OPTIONS_BETWEEN_BYTES_TIMEOUT: FunctionId = FunctionId(172);
    pub const REQUEST_OPTIONS_SET_BETWEEN_BYTES_TIMEOUT: FunctionId = FunctionId(173);
    pub const RESPONSE_OUTPARAM_SEND_INFORMATIONAL: FunctionId = FunctionId(174);
    pub const RESPONSE_OUTPARAM_SET: FunctionId = FunctionId(175);
    pub const INCOMING_RESPONSE_STATUS: FunctionId = FunctionId(176);
    pub const INCOMING_RESPONSE_HEADERS: FunctionId = FunctionId(177);
    pub const INCOMING_RESPONSE_CONSUME: FunctionId = FunctionId(178);
    pub const INCOMING_BODY_STREAM: FunctionId = FunctionId(179);
    pub const INCOMING_BODY_FINISH: FunctionId = FunctionId(180);
    pub const FUTURE_TRAILERS_SUBSCRIBE: FunctionId = FunctionId(181);
    pub const FUTURE_TRAILERS_GET: FunctionId = FunctionId(182);
    pub const OUTGOING_RESPONSE_NEW: FunctionId = FunctionId(183);
    pub const OUTGOING_RESPONSE_STATUS_CODE: FunctionId = FunctionId(184);
    pub const OUTGOING_RESPONSE_SET_STATUS_CODE: FunctionId = FunctionId(185);
    pub const OUTGOING_RESPONSE_HEADERS: FunctionId = FunctionId(186);
    pub const OUTGOING_RESPONSE_BODY: FunctionId = FunctionId(187);
    pub const OUTGOING_BODY_WRITE: FunctionId = FunctionId(188);
    pub const OUTGOING_BODY_FINISH: FunctionId = FunctionId(189);
    pub const FUTURE_INCOMING_RESPONSE_SUBSCRIBE: FunctionId = FunctionId(190);
    pub const FUTURE_INCOMING_RESPONSE_GET: FunctionId = FunctionId(191);
    pub const HTTP_ERROR_CODE: FunctionId = FunctionId(192);
    pub const FIELDS_DROP: FunctionId = FunctionId(193);
    pub const INCOMING_REQUEST_DROP: FunctionId = FunctionId(194);
    pub const OUTGOING_REQUEST_DROP: FunctionId = FunctionId(195);
    pub const REQUEST_OPTIONS_DROP: FunctionId = FunctionId(196);
    pub const RESPONSE_OUTPARAM_DROP: FunctionId = FunctionId(197);
    pub const INCOMING_RESPONSE_DROP: FunctionId = FunctionId(198);
    pub const INCOMING_BODY_DROP: FunctionId = FunctionId(199);
    pub const FUTURE_TRAILERS_DROP: FunctionId = FunctionId(200);
    pub const OUTGOING_RESPONSE_DROP: FunctionId = FunctionId(201);
    pub const OUTGOING_BODY_DROP: FunctionId = FunctionId(202);
    pub const FUTURE_INCOMING_RESPONSE_DROP: FunctionId = FunctionId(203);
}

/// Functions of `wasi:io/error`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod error {
    use super::FunctionId;

    pub const ERROR_TO_DEBUG_STRING: FunctionId = FunctionId(6);
    pub const ERROR_DROP: FunctionId = FunctionId(7);
}

/// Functions of `wasi:io/poll`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod poll {
    use super::FunctionId;

    pub const POLLABLE_READY: FunctionId = FunctionId(8);
    pub const POLLABLE_BLOCK: FunctionId = FunctionId(9);
    pub const POLL: FunctionId = FunctionId(10);
    pub const POLLABLE_DROP: FunctionId = FunctionId(11);
}

/// Functions of `wasi:io/streams`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod streams {
    use super::FunctionId;

    pub const INPUT_STREAM_READ: FunctionId = FunctionId(12);
    pub const INPUT_STREAM_BLOCKING_READ: FunctionId = FunctionId(13);
    pub const INPUT_STREAM_SKIP: FunctionId = FunctionId(14);
    pub const INPUT_STREAM_BLOCKING_SKIP: FunctionId = FunctionId(15);
    pub const INPUT_STREAM_SUBSCRIBE: FunctionId = FunctionId(16);
    pub const OUTPUT_STREAM_CHECK_WRITE: FunctionId = FunctionId(17);
    pub const OUTPUT_STREAM_WRITE: FunctionId = FunctionId(18);
    pub const OUTPUT_STREAM_BLOCKING_WRITE_AND_FLUSH: FunctionId = FunctionId(19);
    pub const OUTPUT_STREAM_FLUSH: FunctionId = FunctionId(20);
    pub const OUTPUT_STREAM_BLOCKING_FLUSH: FunctionId = FunctionId(21);
    pub const OUTPUT_STREAM_SUBSCRIBE: FunctionId = FunctionId(22);
    pub const OUTPUT_STREAM_WRITE_ZEROES: FunctionId = FunctionId(23);
    pub const OUTPUT_STREAM_BLOCKING_WRITE_ZEROES_AND_FLUSH: FunctionId = FunctionId(24);
    pub const OUTPUT_STREAM_SPLICE: FunctionId = FunctionId(25);
    pub const OUTPUT_STREAM_BLOCKING_SPLICE: FunctionId = FunctionId(26);
    pub const INPUT_STREAM_DROP: FunctionId = FunctionId(27);
    pub const OUTPUT_STREAM_DROP: FunctionId = FunctionId(28);
}

/// Functions of `wasi:logging/logging`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod logging {
    use super::FunctionId;

    pub const LOG: FunctionId = FunctionId(207);
}

/// Functions of `wasi:random/insecure`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod insecure {
    use super::FunctionId;

    pub const GET_INSECURE_RANDOM_BYTES: FunctionId = FunctionId(138);
    pub const GET_INSECURE_RANDOM_U64: FunctionId = FunctionId(139);
}

/// Functions of `wasi:random/insecure-seed`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod insecure_seed {
    use super::FunctionId;

    pub const INSECURE_SEED: FunctionId = FunctionId(140);
}

/// Functions of `wasi:random/random`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod random {
    use super::FunctionId;

    pub const GET_RANDOM_BYTES: FunctionId = FunctionId(136);
    pub const GET_RANDOM_U64: FunctionId = FunctionId(137);
}

/// Functions of `wasi:sockets/instance-network`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod instance_network {
    use super::FunctionId;

    pub const INSTANCE_NETWORK: FunctionId = FunctionId(79);
}

/// Functions of `wasi:sockets/ip-name-lookup`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod ip_name_lookup {
    use super::FunctionId;

    pub const RESOLVE_ADDRESS_STREAM_RESOLVE_NEXT_ADDRESS: FunctionId = FunctionId(132);
    pub const RESOLVE_ADDRESS_STREAM_SUBSCRIBE: FunctionId = FunctionId(133);
    pub const RESOLVE_ADDRESSES: FunctionId = FunctionId(134);
    pub const RESOLVE_ADDRESS_STREAM_DROP: FunctionId = FunctionId(135);
}

/// Functions of `wasi:sockets/network`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod network {
    use super::FunctionId;

    pub const NETWORK_ERROR_CODE: FunctionId = FunctionId(77);
    pub const NETWORK_DROP: FunctionId = FunctionId(78);
}

/// Functions of `wasi:sockets/tcp`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod tcp {
    use super::FunctionId;

    pub const TCP_SOCKET_START_BIND: FunctionId = FunctionId(102);
    pub const TCP_SOCKET_FINISH_BIND: FunctionId = FunctionId(103);
    pub const TCP_SOCKET_START_CONNECT: FunctionId = FunctionId(104);
    pub const TCP_SOCKET_FINISH_CONNECT: FunctionId = FunctionId(105);
    pub const TCP_SOCKET_START_LISTEN: FunctionId = FunctionId(106);
    pub const TCP_SOCKET_FINISH_LISTEN: FunctionId = FunctionId(107);
    pub const TCP_SOCKET_ACCEPT: FunctionId = FunctionId(108);
    pub const TCP_SOCKET_LOCAL_ADDRESS: FunctionId = FunctionId(109);
    pub const TCP_SOCKET_REMOTE_ADDRESS: FunctionId = FunctionId(110);
    pub const TCP_SOCKET_IS_LISTENING: FunctionId = FunctionId(111);
    pub const TCP_SOCKET_ADDRESS_FAMILY: FunctionId = FunctionId(112);
    pub const TCP_SOCKET_SET_LISTEN_BACKLOG_SIZE: FunctionId = FunctionId(113);
    pub const TCP_SOCKET_KEEP_ALIVE_ENABLED: FunctionId = FunctionId(114);
    pub const TCP_SOCKET_SET_KEEP_ALIVE_ENABLED: FunctionId = FunctionId(115);
    pub const TCP_SOCKET_KEEP_ALIVE_IDLE_TIME: FunctionId = FunctionId(116);
    pub const TCP_SOCKET_SET_KEEP_ALIVE_IDLE_TIME: FunctionId = FunctionId(117);
    pub const TCP_SOCKET_KEEP_ALIVE_INTERVAL: FunctionId = FunctionId(118);
    pub const TCP_SOCKET_SET_KEEP_ALIVE_INTERVAL: FunctionId = FunctionId(119);
    pub const TCP_SOCKET_KEEP_ALIVE_COUNT: FunctionId = FunctionId(120);
    pub const TCP_SOCKET_SET_KEEP_ALIVE_COUNT: FunctionId = FunctionId(121);
    pub const TCP_SOCKET_HOP_LIMIT: FunctionId = FunctionId(122);
    pub const TCP_SOCKET_SET_HOP_LIMIT: FunctionId = FunctionId(123);
    pub const TCP_SOCKET_RECEIVE_BUFFER_SIZE: FunctionId = FunctionId(124);
    pub const TCP_SOCKET_SET_RECEIVE_BUFFER_SIZE: FunctionId = FunctionId(125);
    pub const TCP_SOCKET_SEND_BUFFER_SIZE: FunctionId = FunctionId(126);
    pub const TCP_SOCKET_SET_SEND_BUFFER_SIZE: FunctionId = FunctionId(127);
    pub const TCP_SOCKET_SUBSCRIBE: FunctionId = FunctionId(128);
    pub const TCP_SOCKET_SHUTDOWN: FunctionId = FunctionId(129);
    pub const TCP_SOCKET_DROP: FunctionId = FunctionId(130);
}

/// Functions of `wasi:sockets/tcp-create-socket`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod tcp_create_socket {
    use super::FunctionId;

    pub const CREATE_TCP_SOCKET: FunctionId = FunctionId(131);
}

/// Functions of `wasi:sockets/udp`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod udp {
    use super::FunctionId;

    pub const UDP_SOCKET_START_BIND: FunctionId = FunctionId(80);
    pub const UDP_SOCKET_FINISH_BIND: FunctionId = FunctionId(81);
    pub const UDP_SOCKET_STREAM: FunctionId = FunctionId(82);
    pub const UDP_SOCKET_LOCAL_ADDRESS: FunctionId = FunctionId(83);
    pub const UDP_SOCKET_REMOTE_ADDRESS: FunctionId = FunctionId(84);
    pub const UDP_SOCKET_ADDRESS_FAMILY: FunctionId = FunctionId(85);
    pub const UDP_SOCKET_UNICAST_HOP_LIMIT: FunctionId = FunctionId(86);
    pub const UDP_SOCKET_SET_UNICAST_HOP_LIMIT: FunctionId = FunctionId(87);
    pub const UDP_SOCKET_RECEIVE_BUFFER_SIZE: FunctionId = FunctionId(88);
    pub const UDP_SOCKET_SET_RECEIVE_BUFFER_SIZE: FunctionId = FunctionId(89);
    pub const UDP_SOCKET_SEND_BUFFER_SIZE: FunctionId = FunctionId(90);
    pub const UDP_SOCKET_SET_SEND_BUFFER_SIZE: FunctionId = FunctionId(91);
    pub const UDP_SOCKET_SUBSCRIBE: FunctionId = FunctionId(92);
    pub const INCOMING_DATAGRAM_STREAM_RECEIVE: FunctionId = FunctionId(93);
    pub const INCOMING_DATAGRAM_STREAM_SUBSCRIBE: FunctionId = FunctionId(94);
    pub const OUTGOING_DATAGRAM_STREAM_CHECK_SEND: FunctionId = FunctionId(95);
    pub const OUTGOING_DATAGRAM_STREAM_SEND: FunctionId = FunctionId(96);
    pub const OUTGOING_DATAGRAM_STREAM_SUBSCRIBE: FunctionId = FunctionId(97);
    pub const UDP_SOCKET_DROP: FunctionId = FunctionId(98);
    pub const INCOMING_DATAGRAM_STREAM_DROP: FunctionId = FunctionId(99);
    pub const OUTGOING_DATAGRAM_STREAM_DROP: FunctionId = FunctionId(100);
}

/// Functions of `wasi:sockets/udp-create-socket`.
#[allow(missing_docs, reason = "the constants are named after the functions")]
pub mod udp_create_socket {
    use super::FunctionId;

    pub const CREATE_UDP_SOCKET: FunctionId = FunctionId(101);
}
