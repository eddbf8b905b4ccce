/* Files have no owner and no mode, and there are no other processes. */
#include "compat.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Programs may have functions of these names. */
#define WEAK __attribute__((weak))

static int missing(void) {
    errno = ENOSYS;
    return -1;
}

WEAK int chmod(const char *path, mode_t mode) { return 0; }
WEAK int fchmod(int file, mode_t mode) { return 0; }
WEAK int chown(const char *path, uid_t owner, gid_t group) { return 0; }
WEAK int fchown(int file, uid_t owner, gid_t group) { return 0; }
WEAK int lchown(const char *path, uid_t owner, gid_t group) { return 0; }
WEAK mode_t umask(mode_t mask) { return 0; }
WEAK uid_t getuid(void) { return 0; }
WEAK uid_t geteuid(void) { return 0; }
WEAK gid_t getgid(void) { return 0; }
WEAK gid_t getegid(void) { return 0; }
WEAK int system(const char *command) { return missing(); }
WEAK FILE *popen(const char *command, const char *mode) { return missing(), (FILE *)0; }
WEAK int pclose(FILE *file) { return missing(); }

/* No random names: runs are compared, and there is no other process to collide with. */
WEAK int mkstemp(char *name) {
    size_t length = strlen(name);
    for (int number = 0; length >= 6 && number < 1000000; ++number) {
        int file;
        snprintf(name + length - 6, 7, "%06d", number);
        file = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (file >= 0 || errno != EEXIST) {
            return file;
        }
    }
    errno = EINVAL;
    return -1;
}

WEAK char *mktemp(char *name) { return missing(), (char *)0; }
WEAK char *tmpnam(char *name) { return missing(), (char *)0; }
WEAK FILE *tmpfile(void) { return missing(), (FILE *)0; }
WEAK int dup(int file) { return missing(); }
WEAK char *realpath(const char *path, char *resolved) {
    return resolved ? strcpy(resolved, path) : strdup(path);
}
WEAK unsigned alarm(unsigned seconds) { return 0; }

WEAK void vwarnx(const char *format, va_list values) {
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
}

WEAK void warnx(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vwarnx(format, values);
    va_end(values);
}

WEAK void errx(int status, const char *format, ...) {
    va_list values;
    va_start(values, format);
    vwarnx(format, values);
    va_end(values);
    exit(status);
}

WEAK void warn(const char *format, ...) {
    const char *reason = strerror(errno);
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fprintf(stderr, ": %s\n", reason);
}

WEAK void err(int status, const char *format, ...) {
    const char *reason = strerror(errno);
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fprintf(stderr, ": %s\n", reason);
    exit(status);
}
