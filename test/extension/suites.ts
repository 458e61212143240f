import './manifest.test.ts';
import './anonymize.test.ts';
import './keys.test.ts';
import './look-up.test.ts';
import './pixels.test.ts';
import './profiles.test.ts';
import './responsiveness.test.ts';
import './tags.test.ts';
