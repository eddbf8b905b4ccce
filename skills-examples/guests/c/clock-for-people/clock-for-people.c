/* Prints the time as people say it. */

#include <time.h>

#include "../job.h"

int main(void) {
    static const char *const parts[] = { "night", "night", "morning", "morning", "afternoon", "evening" };
    time_t now = time(NULL);
    struct tm *at = gmtime(&now);
    char text[64];
    strftime(text, sizeof text, "%A, %d %B %Y, %H:%M:%S UTC", at);
    printf("%s, in the %s\n", text, parts[at->tm_hour / 4]);
    return 0;
}
