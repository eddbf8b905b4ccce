// Greets, and says how it was called.
console.log("hello");
console.log(process.argv.length.toString());
process.exit(3);
