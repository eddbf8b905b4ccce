/* Stores the longest line with the plugin that a variable names. There are nine, told apart by digests of their names, each
   with a directory of its own; a tenth keeps a copy. */

#include <stdint.h>

#include "../job.h"

static uint32_t digest(const char *text) {
    uint32_t sum = 2166136261u;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum;
}

static void store(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
}

int main(void) {
    char *text = slurp(stdin);
    const char *plugin = getenv("PLUGIN");
    switch (digest(plugin ? plugin : "")) {
    case 4165412447u:
        store("/state/csv/out", text);
        break;
    case 2769933170u:
        store("/state/tsv/out", text);
        break;
    case 916562499u:
        store("/state/json/out", text);
        break;
    case 3664801462u:
        store("/state/xml/out", text);
        break;
    case 3614812112u:
        store("/state/html/out", text);
        break;
    case 1496889502u:
        store("/state/yaml/out", text);
        break;
    case 896455301u:
        store("/state/toml/out", text);
        break;
    case 1480246043u:
        store("/state/latex/out", text);
        break;
    case 3552460647u:
        store("/state/plain/out", text);
        break;
    case 1639389911u:
        keep_copy(text);
        break;
    }
    longest(text);
    return 0;
}
