// A small app on Slack's own JavaScript clients, unchanged: only the address of the Web API is another one.
// `node app.mjs socket` uses Socket Mode, `node app.mjs http` listens; it says where on its first line, and ends with its input.
import bolt from '@slack/bolt';

const { SLACK_API: slackApiUrl, SLACK_BOT_TOKEN: token, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = process.env;
const common = { token, clientOptions: { slackApiUrl }, logLevel: bolt.LogLevel.ERROR };
const app = process.argv[2] === 'socket'
  ? new bolt.App({ ...common, appToken, socketMode: true })
  : new bolt.App({ ...common, signingSecret });

const plain = (text) => ({ type: 'plain_text', text });
const button = (action_id, label) => ({ type: 'button', action_id, text: plain(label), value: '1' });

app.message('hello', async ({ message, say }) => {
  await say({
    text: `Good morning, <@${message.user}>`,
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `Good morning, <@${message.user}>` } },
      { type: 'actions', elements: [button('open', 'Share')] },
    ],
    metadata: { event_type: 'greeting', event_payload: { to: message.user } },
  });
});

app.action('open', async ({ ack, body, client }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'share',
      private_metadata: body.channel.id,
      title: plain('Share'),
      submit: plain('Send'),
      blocks: [
        { type: 'input', block_id: 'lesson', label: plain('What did you learn?'), element: { type: 'plain_text_input', action_id: 'text' } },
        {
          type: 'input', block_id: 'country', label: plain('Where?'),
          element: { type: 'external_select', action_id: 'country', min_query_length: 1, placeholder: plain('Country') },
        },
      ],
    },
  });
});

app.options('country', async ({ ack, options }) => {
  const known = ['Cambodia', 'Lao PDR', 'Viet Nam'].filter((name) => name.toLowerCase().startsWith(options.value.toLowerCase()));
  await ack({ options: known.map((name) => ({ text: plain(name), value: name })) });
});

app.view('share', async ({ ack, view, client }) => {
  const lesson = view.state.values.lesson.text.value;
  if (lesson.length < 5) {
    await ack({ response_action: 'errors', errors: { lesson: 'Please say a little more' } });
    return;
  }
  await ack();
  const country = view.state.values.country.country.selected_option.value;
  await client.chat.postMessage({ channel: view.private_metadata, text: `${country}: ${lesson}` });
});

app.command('/spnet', async ({ ack, command, respond }) => {
  await ack('One moment');
  await respond({ response_type: 'in_channel', text: `You asked: ${command.text}` });
});

app.message('chart', async ({ message, client }) => {
  await client.filesUploadV2({ channel_id: message.channel, filename: 'chart.csv', content: 'year,share\n2026,38.8\n', initial_comment: 'The chart' });
});

app.message('everybody', async ({ client, say }) => {
  const names = [];
  let pages = 0;
  for await (const page of client.paginate('users.list', { limit: 2 })) {
    pages += 1;
    names.push(...page.members.map((member) => member.name));
  }
  await say(`${pages} pages: ${names.join(', ')}`);
});

app.message('refuse me', async ({ client, say }) => {
  try {
    await client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' });
  } catch (error) {
    await say(`Slack says ${error.data.error}`);
  }
});

app.message('later', async ({ message, client, say }) => {
  const planned = await client.chat.scheduleMessage({ channel: message.channel, text: 'It is time', post_at: Number(message.text.split(' ')[1]) });
  await say(`Planned as ${planned.scheduled_message_id}`);
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [{ type: 'header', text: plain('Welcome') }] } });
});

app.event('reaction_added', async ({ event, client }) => {
  await client.pins.add({ channel: event.item.channel, timestamp: event.item.ts });
});

app.shortcut('share_message', async ({ ack, shortcut, respond }) => {
  await ack();
  await respond({ text: `Shared: ${shortcut.message.text}`, response_type: 'ephemeral' });
});

app.error(async (error) => { console.error(error); });

// Over HTTP the system gives a free port.
const server = await app.start({ port: 0, host: '127.0.0.1' });
console.log(`ready ${server?.address?.().port ?? ''}`);
process.stdin.resume();
process.stdin.on('end', async () => {
  await app.stop();
  process.exit(0);
});
