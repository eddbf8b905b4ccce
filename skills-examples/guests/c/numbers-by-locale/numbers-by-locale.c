/* Prints the sum of the numbers of its input, with the separators of the locale. */

#include "../job.h"

int main(void) {
    const char *locale = getenv("LC_ALL");
    if (!locale || !*locale)
        locale = getenv("LC_NUMERIC");
    if (!locale || !*locale)
        locale = getenv("LANG");
    if (!locale)
        locale = "C";
    char thousand = !strncmp(locale, "de", 2) || !strncmp(locale, "es", 2) ? '.' : !strncmp(locale, "fr", 2) ? ' ' : ',';
    long long sum = 0;
    for (char *word = strtok(slurp(stdin), " \n"); word; word = strtok(NULL, " \n"))
        sum += strtoll(word, NULL, 10) * 1000;
    char digits[32];
    int length = snprintf(digits, sizeof digits, "%lld", sum);
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0 && digits[i - 1] != '-')
            putchar(thousand);
        putchar(digits[i]);
    }
    putchar('\n');
    return 0;
}
