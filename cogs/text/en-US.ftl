# Every text that a member sees. One sentence an idea; no sentence is built by gluing strings.

## Commands, options, choices

command-video = Make a video from a description
option-video-prompt = What should be seen, in your own words
option-video-size = Shape of the picture; without it your picture decides
option-video-seconds = Length of the video
option-video-image = A picture to bring to life; it becomes the first frame
choice-size = { $shape ->
    [wide] Wide
    [tall] Tall
   *[square] Square
} ({ $width }×{ $height })
choice-seconds = { $seconds } seconds
command-show = Show a video and its settings by its id
option-show-id = The five characters that its message names
command-queue = See what is being made and what is waiting
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
status-queued-trouble = ⏳ { $reason } Trying again { $when }.
status-submitting = 📨 Sending to the video service
status-submitting-trouble = 📨 The video service did not answer clearly. Checking before anything is sent twice.
status-rendering-percent = 🎨 Rendering  { $bar }  { $percent } % · { $elapsed }
status-rendering = 🎨 Rendering · { $elapsed }
status-rendering-trouble = 🎨 Rendering · { $elapsed } · the video service does not answer, asking again
status-fetching = 📥 Downloading the finished video
status-fetching-trouble = 📥 The video is finished, its download failed. Trying again { $when }.
status-fitting = 🗜️ Making it small enough for this channel
status-fitting-percent = 🗜️ Making it small enough for this channel  { $bar }  { $percent } %
status-fitting-trouble = 🗜️ Making it small enough did not work yet. Trying again { $when }.
status-delivering = 📤 Uploading
status-delivering-trouble = 📤 Discord does not take the video yet. Trying again { $when }.
status-delivered = ✅ Done in { $elapsed }: { $link }
status-failed = ❌ { $reason }
status-unsure = ⚠️ { $reason }
status-cancelled = 🚫 Cancelled before anything was paid.
status-cancelled-paid = 🚫 Cancelled. The rendering had begun, so the service may charge for it.
status-cancelling = 🚫 Cancelling
button-cancel = ✖ Cancel

## Result message

result-ready = { $member } Your video is ready.
result-prompt = > { $prompt }

## Answers

cancel-done = Cancelled **{ $id }**.
cancel-soon = Cancelling **{ $id }**. Its message will say how it ended.
queue-empty = Nothing is being made right now. `/video` starts something.
queue-title = { $count ->
    [one] One video in the works
   *[other] { $count } videos in the works
}
queue-line-running = 🎨 **{ $id }** · { $stage } · { $prompt }
queue-line-waiting = ⏳ **{ $id }** · { $place } · { $prompt }
queue-line-unsure = ⚠️ **{ $id }** · waiting for a decision · { $prompt }
queue-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
show-votes = 👍 { $up } · 👎 { $down }
stage-submitting = sending
stage-rendering = rendering
stage-fetching = downloading
stage-fitting = making it smaller
stage-delivering = uploading

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
error-picture-unsupported = This model takes no picture. Leave the picture out, or ask the owner for another model.
error-picture-unreadable = I cannot open this picture. Use a JPEG, PNG, WebP or GIF file that opens on your device.
error-picture-too-large = The picture is too large. Up to { $limit } MB fit; a screenshot of it would do.
error-picture-too-many-pixels = The picture has { $width }×{ $height } pixels; up to { $limit } megapixels fit. Make it smaller and send it again.
error-picture-unreachable = I could not download your picture from Discord. Please send it again.
error-place-unusable = I cannot deliver a video here: I need { $permissions }. Ask someone who manages this channel, or use another one.
error-too-many-waiting = You already have { $limit ->
    [one] one video
   *[other] { $limit } videos
} in line. Wait for one to start, or cancel one with `/cancel`.
error-no-room = My disk is full, so I take no new videos right now. The owner of this bot has to make room.
error-job-unknown = I know no video { $id } here. Its id stands in its message, for example `7F3K2`.
error-not-yours = Only the person who asked for { $id }, or a moderator, can do this.
error-too-late = { $id } can no longer be cancelled: it is finished or on its way to you.
error-provider-unreachable = The video service does not answer. Nothing was paid; please try again later.
error-provider-busy = The video service is full. Nothing was paid; please try again later.
error-provider-auth = The video service refuses this bot's key. Nothing was paid; the owner of this bot has to set it right.
error-provider-refused = The video service does not take this request. Nothing was paid; try other words, another size or length.
error-provider-moderated = The video service refused this because of its content rules. Try other words or another picture.
error-provider-failed = { $reason ->
    [none] The video service failed while rendering. You can simply try again.
   *[other] The video service failed while rendering: { $reason }
}
error-provider-nonsense = The video service sent something that is no video. The owner of this bot should look at its settings.
error-provider-lost = The video service no longer knows this video. It may have been restarted; please ask for it again.
error-provider-cancelled = The video service cancelled the rendering. You can simply try again.
error-result-expired = The finished video is no longer kept by the video service, so it could not be downloaded.
error-result-unreadable = The video service sent a broken file again and again.
error-result-too-large = The video cannot be made small enough for this channel. The original is kept by the owner of this bot.
error-deadline = The rendering took too long and was given up. It may have been charged.
error-delivery-forbidden = I may no longer post in the channel. The video is kept by the owner of this bot.
error-delivery-gone = The channel is gone. The video is kept by the owner of this bot.
error-charge-unknown = The connection broke while this was being ordered. It may have been charged, so I do not order it again by myself.
error-internal = Something went wrong on my side. It is in the owner's log.
trouble-provider-unreachable = The video service does not answer.
trouble-provider-busy = The video service is full.
