#include "suite.h"

Suite *kernels_suite(void);
Suite *adam_suite(void);
Suite *checkpoint_suite(void);
Suite *groove_suite(void);
Suite *groove_loss_suite(void);
Suite *groove_step_suite(void);
Suite *paper_suite(void);
Suite *paper_fixture_suite(void);
Suite *drummer_paper_suite(void);
Suite *model_suite(void);
Suite *filter_suite(void);
Suite *ear_suite(void);
Suite *drummer_groove_suite(void);
Suite *touch_suite(void);
Suite *dynamics_suite(void);
Suite *long_songs_suite(void);
Suite *meeting_suite(void);

int main(void)
{
    RUN_SUITES(kernels_suite, adam_suite, checkpoint_suite, groove_suite, groove_loss_suite,
               groove_step_suite, paper_suite, paper_fixture_suite, drummer_paper_suite,
               model_suite, filter_suite, ear_suite, drummer_groove_suite, touch_suite,
               dynamics_suite, long_songs_suite, meeting_suite);
}
