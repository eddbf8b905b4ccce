/* Greets by the hour, from a table, and counts lines, words and bytes. */

#include <time.h>

#include "../job.h"

static const char greetings[4][8] = {"night", "morning", "day", "evening"};

int main(void) {
    char *text = slurp(stdin);
    printf("good %s at %02d\n", greetings[time(NULL) / 21600 % 4], (int)(time(NULL) / 60 % 60));
    count(text);
    return 0;
}
