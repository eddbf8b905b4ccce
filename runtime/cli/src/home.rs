//! The directories that hold the data of Invar.

#![expect(clippy::disallowed_methods, reason = "the user says by a variable where our data lies")]

use std::path::PathBuf;

use etcetera::{BaseStrategy, choose_base_strategy};
use invar_engine::Cache;
use invar_host::store::Store;

use crate::error::{Error, Outcome};

/// The directories of this installation.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    /// What must not be lost: keys, traces, components.
    pub(crate) data: PathBuf,
    /// What can be made again: compiled code.
    pub(crate) cache: PathBuf,
}

impl Home {
    /// Under `$INVAR_HOME`, else where this platform keeps data and caches.
    pub(crate) fn find() -> Outcome<Self> {
        match std::env::var("INVAR_HOME") {
            Ok(home) if !home.is_empty() => {
                let home = PathBuf::from(home);
                Ok(Self { cache: home.join("cache"), data: home })
            }
            _ => {
                let base = choose_base_strategy().map_err(|error| {
                    Error::Internal(format!("no home directory: {error}; set INVAR_HOME"))
                })?;
                Ok(Self { data: base.data_dir().join("invar"), cache: base.cache_dir().join("invar") })
            }
        }
    }

    /// The audit trail.
    pub(crate) fn ledger(&self) -> PathBuf {
        self.data.join("ledger")
    }

    /// Traces, components and baselines.
    pub(crate) fn store(&self) -> Store {
        Store::new(&self.data)
    }

    /// Where installed skills are kept, a directory each.
    pub(crate) fn skills(&self) -> PathBuf {
        self.data.join("skills")
    }

    /// The directory of an installed skill.
    pub(crate) fn skill(&self, name: &str) -> PathBuf {
        self.skills().join(name)
    }

    /// The cache of compiled code.
    pub(crate) fn code_cache(&self) -> Cache {
        Cache::new(self.cache.join("code"), self.data.join("keys").join("code-cache.key"))
    }
}
