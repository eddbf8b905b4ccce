//! Where tiles are.

/// Hashes of a full tile, and events of a full bundle.
pub const WIDTH: usize = 256;

/// The file of the checkpoint.
pub(super) const CHECKPOINT: &str = "checkpoint";

/// The path of a tile that holds so many hashes: 1 to [`WIDTH`].
#[must_use]
pub fn tile(level: usize, number: u64, width: usize) -> String {
    format!("tile/{level}/{}", place(number, width))
}

/// The path of a bundle that holds so many events: 1 to [`WIDTH`].
#[must_use]
pub fn entries(number: u64, width: usize) -> String {
    format!("tile/entries/{}", place(number, width))
}

/// Three digits a directory, so that none has too many files.
fn place(number: u64, width: usize) -> String {
    let mut place = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        place = format!("x{:03}/{place}", rest % 1000);
        rest /= 1000;
    }
    if width < WIDTH { format!("{place}.p/{width}") } else { place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_cut_into_three_digits() {
        assert_eq!(tile(0, 0, 256), "tile/0/000");
        assert_eq!(tile(2, 1_234_067, 256), "tile/2/x001/x234/067");
        assert_eq!(tile(0, 273, 112), "tile/0/273.p/112");
        assert_eq!(entries(1000, 1), "tile/entries/x001/000.p/1");
    }
}
