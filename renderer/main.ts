import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import App from './App.svelte';
import { connectBridge } from './bridge/connect';
import CaptionPage from './views/captions/CaptionPage.svelte';
import { CAPTION_PAGE } from './views/captions/caption';
import { Preferences } from './views/settings/preferences.svelte';
import { theme } from './styles/theme.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('Expected index.html to hold an element with the id app');

theme.follow();
const preferences = Preferences.load(localStorage);
if (location.hash === `#${CAPTION_PAGE}`) mount(CaptionPage, { target, props: { preferences } });
else mount(App, { target, props: { bridge: connectBridge(), preferences } });
