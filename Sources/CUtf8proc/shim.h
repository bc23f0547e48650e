// utf8proc, for Unicode's normal forms and case folding: Swift's standard library has neither NFKC nor folding, and
// Foundation's come with tens of megabytes of tables. It needs no shim.
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <utf8proc.h>

/// memmem(3): a GNU extension, which Swift's Glibc module leaves out.
extern void *memmem(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);
