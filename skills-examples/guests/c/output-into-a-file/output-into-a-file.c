/* Writes its input in capitals: to the file after -o, which the envelope declares as an argument, or to its output. */

#include "../job.h"

int main(int argc, char **argv) {
    FILE *out = stdout;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-o") || i + 1 == argc) {
            fprintf(stderr, "usage: output-into-a-file [-o FILE]\n");
            return 2;
        }
        out = fopen(argv[++i], "w");
        if (!out) {
            perror(argv[i]);
            return 1;
        }
    }
    for (const char *text = slurp(stdin); *text; text++)
        putc(toupper((unsigned char)*text), out);
    return fclose(out) ? 1 : 0;
}
