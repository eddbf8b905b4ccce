/* Prints its input in one of three ways, found by a digest of REPORT_FORMAT; the third one keeps a copy. */

#include <stdint.h>

#include "../job.h"

static void both(const char *text) {
    keep_copy(text);
    count(text);
}

static uint32_t digest(const char *text) {
    uint32_t sum = 5381;
    for (; *text; text++)
        sum = sum * 33 ^ (unsigned char)*text;
    return sum;
}

static const struct {
    uint32_t digest;
    void (*print)(const char *);
} formats[] = {{0x7c79a520u, count}, {0xedf8776du, longest}, {0x6929a274u, both}};

int main(void) {
    char *text = slurp(stdin);
    const char *format = getenv("REPORT_FORMAT");
    uint32_t wanted = digest(format ? format : "size");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (formats[i].digest == wanted) {
            formats[i].print(text);
            return 0;
        }
    count(text);
    return 0;
}
