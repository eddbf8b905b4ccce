//! Sorts numbers with a heap of its own, in memory from the page allocator.
const std = @import("std");

pub fn main() !void {
    const allocator = std.heap.page_allocator;
    const numbers = try allocator.alloc(u64, 5000);
    defer allocator.free(numbers);
    var state: u64 = 7;
    for (numbers) |*number| {
        state = state *% 6364136223846793005 +% 1442695040888963407;
        number.* = state >> 33;
    }
    std.mem.sort(u64, numbers, {}, std.sort.asc(u64));
    std.debug.print("{d} {d} {d}\n", .{ numbers[0], numbers[2500], numbers[4999] });
}
