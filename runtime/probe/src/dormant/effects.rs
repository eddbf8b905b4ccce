//! What imported functions do.

/// What an imported function does to the outside; none: nothing that lasts. Output is not counted: every skill has
/// some, and panics end there.
pub(super) fn effect_of(module: &str, name: &str) -> Option<String> {
    let interface = module.split_once('@').map_or(module, |(interface, _)| interface);
    let is_effect = match interface {
        "wasi:filesystem/types" => [
            "open-at",
            "create-directory-at",
            "link-at",
            "remove-directory-at",
            "rename-at",
            "set-size",
            "symlink-at",
            "unlink-file-at",
            "write-via-stream",
            "append-via-stream",
        ]
        .iter()
        .any(|method| name.strip_prefix("[method]descriptor.") == Some(method)),
        "wasi:sockets/tcp" => name == "[method]tcp-socket.start-connect",
        "wasi:sockets/udp" => name == "[method]udp-socket.stream",
        "wasi:sockets/ip-name-lookup" => name == "resolve-addresses",
        "wasi:http/outgoing-handler" => name == "handle",
        "wasi_snapshot_preview1" => matches!(
            name,
            "path_open"
                | "fd_pwrite"
                | "fd_filestat_set_size"
                | "path_create_directory"
                | "path_link"
                | "path_remove_directory"
                | "path_rename"
                | "path_symlink"
                | "path_unlink_file"
                | "sock_send"
        ),
        _ => false,
    };
    is_effect.then(|| format!("{interface} {}", name.trim_start_matches("[method]")))
}

/// Effects as bits: a component imports a few dozen functions with an effect, if it imports all.
#[derive(Debug, Clone, Default)]
pub(super) struct Effects {
    names: Vec<String>,
}

/// A set of [`Effects`].
pub(super) type EffectSet = u64;

impl Effects {
    /// The bit of an effect. What would be past the last has that of the last.
    pub(super) fn bit(&mut self, name: String) -> EffectSet {
        const LAST: usize = 63;
        let at = self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            if self.names.len() <= LAST {
                self.names.push(name);
            }
            self.names.len() - 1
        });
        1 << at
    }

    pub(super) fn names(&self, set: EffectSet) -> Vec<String> {
        let all = self.names.iter().enumerate();
        all.filter(|(at, _)| set & (1 << at) != 0).map(|(_, name)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Effects, effect_of};

    #[test]
    fn what_lasts_is_an_effect_and_output_is_none() {
        let open = effect_of("wasi:filesystem/types@0.2.6", "[method]descriptor.open-at");
        assert_eq!(open.as_deref(), Some("wasi:filesystem/types descriptor.open-at"));
        assert!(effect_of("wasi_snapshot_preview1", "path_open").is_some());
        assert!(effect_of("wasi_snapshot_preview1", "fd_write").is_none());
        assert!(effect_of("wasi:cli/stderr@0.2.6", "get-stderr").is_none());
    }

    #[test]
    fn effects_are_named_by_their_bits() {
        let mut effects = Effects::default();
        let (one, two) = (effects.bit("one".into()), effects.bit("two".into()));
        assert_eq!(effects.bit("one".into()), one);
        assert_eq!(effects.names(one | two), ["one", "two"]);
    }
}
