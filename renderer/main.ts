import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import App from './App.svelte';
import { connectBridge } from './bridge/connect';
import { Preferences } from './views/settings/preferences.svelte';
import { theme } from './styles/theme.svelte';

const target = document.getElementById('app');
if (target === null) throw new Error('Expected index.html to hold an element with the id app');

theme.follow();
const preferences = Preferences.load(localStorage);
mount(App, { target, props: { bridge: connectBridge(), preferences } });
