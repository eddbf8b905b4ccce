/* Prints the columns of its input that a declared configuration file names, with its separator. */

#include "../job.h"

int main(void) {
    int columns[8] = { 1 }, known = 0;
    char separator = ' ';
    FILE *file = fopen("/etc/fields.conf", "r");
    char line[128];
    while (file && fgets(line, sizeof line, file)) {
        if (!strncmp(line, "separator=", 10))
            separator = line[10];
        if (!strncmp(line, "columns=", 8))
            for (char *number = strtok(line + 8, ", \n"); number && known < 8; number = strtok(NULL, ", \n"))
                columns[known++] = atoi(number);
    }
    if (!known)
        known = 1;
    char *words[64];
    for (char *text = slurp(stdin); *text;) {
        size_t length = strcspn(text, "\n");
        int count = 0;
        char *end = text + length, *next = *end ? end + 1 : end;
        *end = '\0';
        for (char *word = text; word && count < 64; count++) {
            words[count] = word;
            char *cut = strchr(word, separator);
            if (cut)
                *cut++ = '\0';
            word = cut;
        }
        for (int i = 0; i < known; i++)
            if (columns[i] >= 1 && columns[i] <= count)
                printf("%s\t", words[columns[i] - 1]);
        putchar('\n');
        text = next;
    }
    return 0;
}
