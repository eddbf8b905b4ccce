/* What wasi-libc leaves out: owners, modes, processes. Included before every file of every program. */
#ifndef COMPAT_H
#define COMPAT_H
#ifndef __ASSEMBLER__
#define _GNU_SOURCE 1
#include <getopt.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __cplusplus
extern "C" {
#endif
int chmod(const char *path, mode_t mode);
int fchmod(int file, mode_t mode);
int chown(const char *path, uid_t owner, gid_t group);
int fchown(int file, uid_t owner, gid_t group);
int lchown(const char *path, uid_t owner, gid_t group);
mode_t umask(mode_t mask);
uid_t getuid(void);
uid_t geteuid(void);
gid_t getgid(void);
gid_t getegid(void);
int system(const char *command);
FILE *popen(const char *command, const char *mode);
int pclose(FILE *file);
int mkstemp(char *name);
char *mktemp(char *name);
char *tmpnam(char *name);
FILE *tmpfile(void);
int dup(int file);
char *realpath(const char *path, char *resolved);
unsigned alarm(unsigned seconds);
#ifdef __cplusplus
}
#endif
#endif
#endif
