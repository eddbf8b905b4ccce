/* Prints the hour in a zone such as UTC+2 or CET-1. */

#include <time.h>

#include "../job.h"

int main(void) {
    const char *zone = getenv("TZ");
    int offset = 0;
    if (zone) {
        const char *sign = strpbrk(zone, "+-");
        if (sign)
            offset = -atoi(sign);
    }
    time_t now = time(NULL) + offset * 3600;
    char text[32];
    strftime(text, sizeof text, "%H:%M", gmtime(&now));
    puts(text);
    return 0;
}
