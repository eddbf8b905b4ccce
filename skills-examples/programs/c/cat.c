/* Prints the files that it is given, or its input. */
#include <stdio.h>

static int copy(FILE *from) {
    char buffer[4096];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, from)) > 0)
        fwrite(buffer, 1, got, stdout);
    return ferror(from);
}

int main(int argc, char **argv) {
    int failed = 0;
    if (argc < 2)
        return copy(stdin);
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (!file) {
            perror(argv[i]);
            failed = 2;
            continue;
        }
        failed |= copy(file);
        fclose(file);
    }
    return failed;
}
