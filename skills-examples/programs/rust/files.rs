//! Makes a tree of files, copies it, and adds up what is in it.
use std::{fs, io, path::Path};

fn copy(from: &Path, to: &Path) -> io::Result<u64> {
    fs::create_dir_all(to)?;
    let mut entries: Vec<_> = fs::read_dir(from)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    let mut bytes = 0;
    for entry in entries {
        let target = to.join(entry.file_name());
        bytes += match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => {
                fs::write(&target, fs::read(entry.path())?)?;
                entry.metadata()?.len()
            }
        };
    }
    Ok(bytes)
}

fn main() -> io::Result<()> {
    for (name, text) in [("a", "one"), ("sub/b", "two two"), ("sub/deep/c", "three three three")] {
        let path = Path::new("/tmp/from").join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/")))?;
        fs::write(path, text)?;
    }
    println!("{}", copy(Path::new("/tmp/from"), Path::new("/tmp/to"))?);
    println!("{}", fs::read_to_string("/tmp/to/sub/deep/c")?);
    fs::remove_dir_all("/tmp/from")?;
    println!("{:?}", fs::metadata("/tmp/from").map_err(|error| error.kind()).err());
    println!("{:?}", fs::hard_link("/tmp/to/a", "/tmp/to/again").is_ok());
    println!("{:?}", fs::canonicalize("/tmp/to/sub/../a").is_ok());
    Ok(())
}
