# Every text that a member sees. One sentence an idea; no sentence is built by gluing strings.

## Commands, options, choices

command-video = Make a video from a description
option-video-prompt = What should be seen, in your own words
option-video-size = Shape of the picture; without it your picture decides
option-video-seconds = Length of the video in seconds
option-video-image = A picture to bring to life; it becomes the first frame
option-video-model = Which model makes it; sizes and lengths follow this choice
option-video-negative = What should not be seen
option-video-audio = Whether it has sound
option-video-seed = A number; with the same one and the same words it comes out alike
option-video-image-url = An https:// link to a picture, in place of a file
option-video-last-image = A picture that the video ends with
command-animate = Bring a picture to life
option-animate-image = The picture; it becomes the first frame
option-animate-prompt = What should happen; without it it moves gently
menu-animate = Animate this picture
choice-model = { $model } · { $provider }
choice-size = { $shape ->
    [wide] Wide
    [tall] Tall
   *[square] Square
} ({ $width }×{ $height })
choice-seconds = { $seconds } seconds
command-show = Show a video and its settings by its id
option-show-id = The five characters that its message names
command-queue = See what is being made and what is waiting
option-queue-show = Whose videos; without it everybody's on this server
choice-queue-all = Everybody's
choice-queue-mine = Mine
command-cancel = Cancel a video that you asked for
option-cancel-id = The five characters that its message names
choice-job = { $id } · { $prompt }

## Status message: the prompt, where it stands, what it will be

status-prompt = 🎬 { $prompt }
status-facts = -# { $size } · { $seconds } s · { $id }
status-facts-model = -# { $size } · { $seconds } s · { $model } · { $id }
status-queued = ⏳ In line
status-queued-next = ⏳ Next in line
status-queued-place = ⏳ Number { $place } in line
status-queued-next-wait = ⏳ Next in line · { wait }
status-queued-place-wait = ⏳ Number { $place } in line · { wait }
wait = { $unit ->
    [moment] a few seconds
    [minutes] about { $count } min
   *[hours] about { $count } h
}
status-queued-held = ⏸️ { $reason } Nothing is ordered or paid meanwhile.
status-queued-trouble = ⏳ { $reason } Trying again { $when }.
status-submitting = 📨 Sending to the video service
status-submitting-trouble = 📨 The video service did not answer clearly. Checking before anything is sent twice.
status-rendering-percent = 🎨 Rendering  { $bar }  { $percent } % · { $elapsed }
status-rendering = 🎨 Rendering · { $elapsed }
status-rendering-trouble = 🎨 Rendering · { $elapsed } · the video service does not answer, asking again
status-fetching = 📥 Downloading the finished video
status-fetching-trouble = 📥 The video is finished, its download failed. Trying again { $when }.
status-fetching-trouble-until = 📥 The video is finished, its download failed. Trying again { $when }; it is kept there until { $until }.
status-fitting = 🗜️ Making it small enough for this channel
status-fitting-percent = 🗜️ Making it small enough for this channel  { $bar }  { $percent } %
status-fitting-trouble = 🗜️ Making it small enough did not work yet. Trying again { $when }.
status-delivering = 📤 Uploading
status-delivering-trouble = 📤 The video is finished and kept here, but Discord does not take it yet. Trying again { $when }.
status-prompt-refused = 🎬 (This server's filters do not let me repeat the prompt.)
status-delivered = ✅ Done in { $elapsed }: { $link }
status-delivered-still = 🖼️ Done in { $elapsed }, but the video is too large for this place. A picture of it, and where it is: { $link }
status-delivered-parent = ✅ Done in { $elapsed }. This thread takes no message from me any more, so it is in its channel: { $link }
status-delivered-direct = ✅ Done in { $elapsed }. I can no longer post here, so it went to the author's direct messages.
status-held = ⏸️ { $reason } It goes on by itself as soon as the owner of this bot has set it right.
status-held-unpaid = ⏸️ { $reason } Nothing is ordered or paid before that is set right; then it goes on by itself.
status-held-until = ⏸️ { $reason } The finished video is kept by the video service until { $until } and is fetched as soon as that is set right.
status-failed = ❌ { $reason }
status-unsure = ⚠️ { $reason }
status-cancelled = 🚫 Cancelled before anything was paid.
status-cancelled-paid = 🚫 Cancelled. The rendering had begun, so the service may charge for it.
status-cancelled-because = 🚫 { $reason }
status-cancelling = 🚫 Cancelling
button-cancel = ✖ Cancel
button-try-again = Try again anyway
button-give-up = Give up
button-retry = 🔁 Retry
button-again = 🔁 Again
button-delete = 🗑️ Delete
button-delete-yes = 🗑️ Yes, delete it
status-deleted = 🗑️ Delivered, and deleted since.
status-cancel-late = 📥 It was finished before the cancel arrived, so it is paid for and comes.
status-hint-retry = -# Retry goes on with the video that is paid for already; nothing is rendered again.
status-hint-again-costs = -# Again orders it anew, and that costs again.
status-hint-decide = -# The owner of this bot, or a member who may manage the server, decides: trying again may cost a second time.

## Result message

result-ready = { $member } Your video is ready.
result-prompt = > { $prompt }
result-prompt-refused = -# (This server's filters do not let me repeat the prompt.)
result-still = { $member } Your video is finished, but { $megabytes } MB are too large to post here, and it cannot be made small enough. This is a picture of it. The video is kept: `/show { $id }` hands it out where files of its size fit, and the owner of this bot has it too.
result-parent = Its thread { $thread } takes no message from me any more, so it comes here.
result-direct = I can no longer post where you asked for it ({ $channel }), so it comes here.
result-perhaps-twice = -# I could not see whether an earlier attempt came through, so this may be here twice.

## Bringing a picture to life

animate-prompt = The picture comes to life with gentle, natural movement
animate-title = Animate this picture
animate-label = What should happen in it?
animate-no-picture = There is no picture attached to this message.

## The question how a picture shall fit

draft-ask = Your picture has another shape than the video, which is { $size }. How should it fit? Nothing is ordered until you choose.
draft-dropped = Nothing was ordered.
earlier-found = This has been made before, with exactly these words and settings, and watching it costs nothing: { $link }
button-anew = 🔁 Make it anew
fit = { $fit ->
    [crop] The picture cropped to the frame
    [pad] The whole picture with bars beside it
   *[blur] The whole picture before a blurred copy of itself
}
button-fit = { $number } · { $fit ->
    [crop] Crop
    [pad] Bars
   *[blur] Blurred edges
}

## Answers

cancel-done = Cancelled **{ $id }**.
cancel-soon = Cancelling **{ $id }**. Its message will say how it ended.
try-again-done = **{ $id }** is in line again. Its message shows how it goes on.
give-up-done = **{ $id }** is given up.
retry-done = **{ $id }** goes on with the video that is paid for; nothing is rendered again.
delete-ask = Delete the video **{ $id }**, here and from my disk? It cannot be brought back, and it is not refunded.
delete-done = **{ $id }** is deleted.
delete-later = Discord does not delete **{ $id }** right now. Press again in a moment.
delete-unreachable = **{ $id }** is gone from my disk, but I may not delete its message. Someone who manages this channel can.
queue-empty = Nothing is being made right now. `/video` starts something.
queue-title = { $count ->
    [one] One video in the works
   *[other] { $count } videos in the works
}
queue-line-running = 🎨 **{ $id }** · { $member } · { $stage } · { $prompt }
queue-line-wait = ⏳ **{ $id }** · { $member } · number { $place } · { wait } · { $prompt }
queue-line-place = ⏳ **{ $id }** · { $member } · number { $place } · { $prompt }
queue-line-far = ⏳ **{ $id }** · { $member } · far behind · { $prompt }
queue-line-trouble = ⏳ **{ $id }** · { $member } · trying again { $when } · { $prompt }
queue-line-unsure = ⚠️ **{ $id }** · { $member } · waiting for a decision · { $prompt }
queue-page = Page { $page } of { $pages }
queue-cancel-hint = Cancel one of these
button-back = ◀
button-next = ▶
show-kept = The video is kept here; this is it.
show-kept-elsewhere = The video is kept on machine { $machine }. The owner of this bot has it there under **{ $id }**.
show-kept-too-large = The video is kept here, but it has { $megabytes } MB and { $limit } MB fit into an answer to you. The owner of this bot has it under **{ $id }**.
show-votes = 👍 { $up } · 👎 { $down }
stage-submitting = sending
stage-rendering = rendering
stage-fetching = downloading
stage-fitting = making it smaller
stage-delivering = uploading

## The log channel of the bot's owners

operator-failed = ❌ **{ $id }** failed ({ $code }) · { $provider } · { $member } in { $channel }
operator-unsure = ⚠️ **{ $id }** may have been charged and waits for a decision ({ $code }) · { $provider } · { $member } in { $channel }
operator-more = { $count ->
    [one] and one more: { $ids }
   *[other] and { $count } more: { $ids }
}

## Permissions, as Discord names them

permission-view_channel = View Channel
permission-send_messages = Send Messages
permission-send_messages_in_threads = Send Messages in Threads
permission-attach_files = Attach Files
permission-read_message_history = Read Message History

## What went wrong, and what to do

error-prompt-empty = The prompt is empty. Say in a few words what should be seen.
error-prompt-too-long = The prompt has { $length } characters; { $limit } fit. Shorten it and send it again.
error-size-unknown = The size { $size } is not offered here. Choose one of: { $allowed }.
error-seconds-unknown = { $seconds } seconds are not offered here. Choose one of: { $allowed }.
error-model-unknown = There is no model “{ $model }” here. Choose one from the list that appears while you type.
error-model-retired = { $model } takes no orders since { $day }. Choose another model.
error-option-unsupported = { $model } does not take { $option ->
    [picture] a picture
    [last-picture] a last picture
    [seed] a seed
    [negative] a negative prompt
   *[audio] a choice of sound
}. Leave it out, or choose another model.
error-seed-unknown = A seed is a whole number from 0 to { NUMBER($limit, useGrouping: 0) }.
error-negative-too-long = The negative prompt has { $length } characters; at most { $limit } are possible.
error-picture-address = The picture's address cannot be used: { $reason }. Give an https:// link to a public picture, or attach the file.
error-picture-twice = You gave both a file and a link for the picture. Give one of them.
error-last-picture-alone = A last picture needs a first one too. Give that one as `image`.
error-draft-gone = This choice is no longer open. Give the command again.
error-picture-unreadable = I cannot open this picture. Use a JPEG, PNG, WebP, AVIF or GIF file that opens on your device.
error-picture-too-large = The picture is too large. Up to { $limit } MB fit; a screenshot of it would do.
error-picture-too-many-pixels = The picture has { $width }×{ $height } pixels; up to { $limit } megapixels fit. Make it smaller and send it again.
error-picture-unreachable = I could not download the picture. If you gave a link, is it public? Try again, or attach the file.
error-place-unusable = I cannot deliver a video here: I need { $permissions }. Ask someone who manages this channel, or use another one.
error-too-many-waiting = You already have { $limit ->
    [one] one video
   *[other] { $limit } videos
} in line. Wait for one to start, or cancel one with `/cancel`.
error-line-full = There are already { $limit } videos in line here, as many as may wait. Try again when some of them have started.
error-no-room = My disk is full, so I take no new videos right now. Nothing was paid; the owner of this bot has to make room.
error-disk-read-only = I cannot write to my disk, so I take no new videos right now. Nothing was paid; the owner of this bot has to set it right.
error-database-away = I cannot write anything down right now, so I take nothing new. Nothing was paid; please try again in a few minutes.
error-result-unreachable = The video is finished and paid for, but I could not download it. The owner of this bot should look at the log.
error-job-unknown = I know no video { $id } here. Its id stands in its message, for example `7F3K2`.
error-not-yours = Only the person who asked for { $id }, or a moderator, can do this.
error-too-late = { $id } can no longer be cancelled: it has ended.
error-on-its-way = { $id } can no longer be cancelled: it is paid for and finished, and comes in a moment. You can delete it then.
error-awaits-decision = It is not known yet whether { $id } was charged, so it cannot simply be cancelled. The owner of this bot, or a member who may manage the server, decides with the buttons on its message.
error-not-yours-to-decide = This is about money: only the owner of this bot, or a member who may manage the server, can decide about { $id }.
error-decided = { $id } has moved on meanwhile. Its message shows how it stands.
error-nothing-to-retry = { $id } cannot be fetched again. Ask for it anew with `/video`.
error-not-ended = { $id } is still being made. Cancel it instead, or wait for its end.
error-picture-gone = The picture of this video is no longer kept. Attach it again with `/video`.
error-command-not-allowed = You may not use commands in this channel, so I cannot make a video for you here.
error-button-unknown = I no longer know this button. `/show` with the id on the message may help.
error-cancelled-stopped = Cancelled. The service has stopped the rendering; it may charge for what it had begun.
error-cancelled-running = Cancelled. The service cannot stop what it has begun, so it may charge for it.
error-given-up = Given up. It may have been charged; nothing more is ordered.
error-provider-unreachable = The video service does not answer. Nothing was paid; please try again later.
error-provider-busy = The video service is full. Nothing was paid; please try again later.
error-provider-auth = The video service refuses this bot's key. Nothing was paid; the owner of this bot has to set it right.
error-provider-refused = The video service does not take this request. Nothing was paid; try other words, another size or another length.
error-provider-moderated = { $what ->
    [prompt] The content rules of the video service refused the prompt.
    [picture] The content rules of the video service refused the picture.
    [request] The content rules of the video service refused the prompt or the picture.
    [result] The content rules of the video service refused the finished video.
   *[unknown] The video service refused this because of its content rules.
} { $cost ->
    [none] Nothing was paid.
   *[unknown] It may have been charged.
} { $what ->
    [prompt] Try other words.
    [picture] Try another picture.
   *[unknown] Try other words or another picture.
}
error-provider-failed = { $reason ->
    [none] The video service failed while rendering.
   *[other] The video service failed while rendering: { $reason }
} It may have been charged; you can ask for it again.
error-provider-nonsense = The video service sent something that is no video, again and again. It may have been charged; the owner of this bot should look at its settings.
error-provider-lost = The video service no longer knows this video; it may have been restarted. It may have been charged; asking again may cost again.
error-provider-cancelled = The video service cancelled the rendering. It may charge for what it had begun; you can ask for it again.
error-result-expired = The finished video is no longer kept by the video service, so it could not be downloaded. It may have been charged; asking again costs again.
error-result-unreadable = The video service sent a broken file again and again. It may have been charged; the owner of this bot should look at it.
error-result-too-large = The video is finished and paid for, but it is too large for this place and cannot be made small enough. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out where files of its size fit.
}
error-deadline = The rendering took too long and was given up. It may have been charged; asking again may cost again.
error-delivery-forbidden = The video is finished and paid for, but I may post neither here nor in the author's direct messages. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out.
}
error-delivery-gone = The video is finished and paid for, but the place where it was asked for is gone. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out.
}
error-delivery-failed = The video is finished and paid for, but Discord did not take it. { $kept ->
    [no] It was kept here for a while and is gone by now; it can only be asked for again.
   *[yes] It is kept here: `/show { $id }` hands it out.
}
error-charge-unknown = The connection broke while this was being ordered. It may have been charged, so I do not order it again by myself.
error-internal = { $paid ->
    [no] Something went wrong on my side, before anything was paid. It is in the owner's log; you can try again.
    [perhaps] Something went wrong on my side after this was ordered, so it may have been charged. It is in the owner's log.
   *[unknown] Something went wrong on my side. It is in the owner's log.
}
trouble-provider-unreachable = The video service does not answer.
trouble-model-unknown = Its video service is not set up here any more; the owner of this bot can bring it back.
trouble-provider-auth = The video service refuses this bot's key now.
trouble-provider-busy = The video service is full.
trouble-no-room = My disk is full.
trouble-disk-read-only = I cannot write to my disk.
trouble-database-away = My database does not answer.

## Callback

command-callback = Tell a program of your own how this server's videos end
command-callback-set = Set the address that is told of each finished, failed or cancelled video
option-callback-url = An https:// address that can be reached from the internet
command-callback-off = Tell nobody any more
command-callback-test = Send a test to the address now
callback-not-yours = Only people who may manage this server can do that.
callback-set = Set. From now on the end of every video on this server is sent there, as a POST signed by the Standard Webhooks scheme. The secret, shown only this once:
    `{ $secret }`
    `/callback test` shows whether it works.
callback-address = { $flaw ->
    [not-https] The address must begin with https://, so that nobody reads along on the way.
    [credentials] The address must not carry a user name or password before the host.
    [too-long] The address is too long: 500 characters at most.
   *[other] The address has no host, or characters that do not belong into one.
}
callback-off = Nobody is told any more.
callback-none = No address is set. `/callback set` sets one.
callback-taken = It works: the address took the test with status { $status }.
callback-refused = The address answered with status { $status }; 200 to 299 would have been right. Redirects are not followed.
callback-silent = The address does not answer.
callback-forbidden = The address leads to a private network or nowhere, so I do not ask it. It must be reachable from the internet.
