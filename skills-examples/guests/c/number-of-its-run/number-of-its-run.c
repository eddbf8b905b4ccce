/* Prints the longest line, and which run this is. */

#include "../job.h"

int main(void) {
    long run = 0;
    FILE *file = fopen("/state/run", "r");
    if (file) {
        if (fscanf(file, "%ld", &run) != 1)
            run = 0;
        fclose(file);
    }
    file = fopen("/state/run", "w");
    if (file) {
        fprintf(file, "%ld\n", ++run);
        fclose(file);
    }
    printf("#%ld ", run);
    longest(slurp(stdin));
    return 0;
}
