/* For clang-tidy alone, in front of src/base/error.h: what the analyzer cannot see from one file,
 * that setting an error always gives false. */
#include_next "base/error.h"

#define error_set(...) (error_set(__VA_ARGS__), false)
#define error_errno(...) (error_errno(__VA_ARGS__), false)
#define error_prefix(...) (error_prefix(__VA_ARGS__), false)
#define error_hint(...) (error_hint(__VA_ARGS__), false)
