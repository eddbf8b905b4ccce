//! Adds until a number is full: the checked arithmetic ends it.
const std = @import("std");

var limit: u8 = 250;

pub fn main() void {
    var sum: u8 = 0;
    var i: u8 = 0;
    while (i < limit) : (i += 1) {
        sum += i;
    }
    std.debug.print("{d}\n", .{sum});
}
