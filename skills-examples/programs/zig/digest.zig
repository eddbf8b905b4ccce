//! Prints digests of a text.
const std = @import("std");

pub fn main() void {
    const text = "the quick brown fox jumps over the lazy dog";
    var sha: [32]u8 = undefined;
    std.crypto.hash.sha2.Sha256.hash(text, &sha, .{});
    var blake: [32]u8 = undefined;
    std.crypto.hash.Blake3.hash(text, &blake, .{});
    for (sha) |byte| std.debug.print("{x:0>2}", .{byte});
    std.debug.print("\n", .{});
    for (blake) |byte| std.debug.print("{x:0>2}", .{byte});
    std.debug.print("\n{x:0>8}\n", .{std.hash.Crc32.hash(text)});
}
