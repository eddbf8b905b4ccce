//! Follows a map that is chaotic, in floats.
fn main() {
    let mut x = 0.3_f64;
    for step in 0..1000 {
        x = 3.99 * x * (1.0 - x);
        if step % 200 == 0 {
            println!("{x:.17} {:e} {}", x.sin(), x.to_bits());
        }
    }
    println!("{} {}", f64::NAN.max(1.0), (0.0_f64 / 0.0).is_nan());
}
