/* Prints long words in bold, unless NO_COLOR is set. */

#include "../job.h"

int main(void) {
    const char *no_colour = getenv("NO_COLOR");
    int is_bold = !no_colour || !*no_colour;
    for (char *word = strtok(slurp(stdin), " \n"); word; word = strtok(NULL, " \n"))
        if (is_bold && strlen(word) > 5)
            printf("\033[1m%s\033[0m\n", word);
        else
            puts(word);
    return 0;
}
