//! Panics in the middle of its work.
fn main() {
    println!("begin");
    let numbers: Vec<u32> = std::env::args().skip(1).filter_map(|own| own.parse().ok()).collect();
    println!("{}", numbers[2]);
}
