/* Prints the lines in which two files differ, and ends with 1 if there are any, as diff does. */

#include "../job.h"

static size_t line(const char *text, size_t from) { return strcspn(text + from, "\n"); }

int main(void) {
    char *old = slurp(fopen("/data/old.txt", "r")), *new = slurp(fopen("/data/new.txt", "r"));
    if (!old || !new) {
        fputs("differs-by-status: cannot read the files\n", stderr);
        return 2;
    }
    int differs = 0;
    for (size_t a = 0, b = 0, number = 1; old[a] || new[b]; number++) {
        size_t left = line(old, a), right = line(new, b);
        if (left != right || memcmp(old + a, new + b, left)) {
            printf("%zuc\n< %.*s\n> %.*s\n", number, (int)left, old + a, (int)right, new + b);
            differs = 1;
        }
        a += left + (old[a + left] == '\n');
        b += right + (new[b + right] == '\n');
    }
    return differs;
}
